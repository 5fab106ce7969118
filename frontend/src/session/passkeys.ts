import { HttpProblem } from "latchkey-session";
import { anonymous } from "@/api/anonymous";
import { isCreation, isRequest } from "@/api/bodies";
import { ask } from "@/api/failure";
import {
  type CreationOptions,
  type CredentialJson,
  createPasskey,
  getPasskey,
  offersInFields,
  type RequestOptions,
  signalUnknown,
} from "@/api/passkeys";
import { authorized } from "./authorized";
import { offer, prove, type Steps, type Surroundings, type Way } from "./passkey-rounds";
import { session } from "./session";

const TIMEOUT = 30_000; // milliseconds

/** In milliseconds: so long before a challenge expires, another one is asked for. */
const MARGIN = 60_000;
const LIFE = 300_000; // milliseconds, where the service doesn't say

const STEPS: Steps = {
  options: readOptions,
  choose: (options, way) =>
    way.place === "field" ? chooseInField(options, way) : getPasskey(options, signalOf(way)),
  send: (credential) => session.signInWithPasskey({ credential }),
  forget: ({ rpId }, { id }) => signalUnknown({ rpId, credentialId: id }),
};

/**
 * Signs in with a passkey that the person chooses in a window of the browser.
 *
 * @param allowed The ids of those that the browser may offer; by default all that it has.
 * @throws {AnyFailure} The sign-in failed, and nothing has changed.
 */
export function signInWithPasskey(allowed?: readonly string[]): Promise<void> {
  if (!allowed) return prove(STEPS, { place: "window" });
  const allowCredentials = allowed.map((id) => ({ type: "public-key", id }) as const);
  const options = async () => ({ ...(await readOptions()), allowCredentials });
  return prove({ ...STEPS, options }, { place: "window" });
}

/**
 * Offers passkeys in the field with `autocomplete="webauthn"`, if the browser does that, until one
 * signs in or the signal is aborted.
 *
 * @param sending Is told when a passkey was chosen, and when the service has responded.
 */
export async function offerPasskeys(
  signal: AbortSignal,
  tell: Surroundings["tell"],
  sending: (isSending: boolean) => void,
): Promise<void> {
  if (!(await offersInFields())) return;
  const send: Steps["send"] = async (credential) => {
    sending(true);
    try {
      await STEPS.send(credential);
    } finally {
      sending(false);
    }
  };
  await offer({ ...STEPS, send }, signal, { tell, pause });
}

/**
 * Creates a passkey in the browser and adds it to the signed-in person's account.
 *
 * @returns New recovery codes, which nobody can see again; none if the earlier ones stay good.
 * @throws {AnyFailure} It was not added, or the response was lost.
 */
export async function addPasskey(name: string): Promise<string[]> {
  const asked = authorized.POST("/api/auth/factors/passkeys/options");
  const { publicKey } = await ask(asked, isCreation);
  return create(publicKey, (credential) => session.addPasskey({ credential, name }));
}

/**
 * Creates a passkey in the browser and signs in by adding it, where a challenge has no factors.
 *
 * @returns Recovery codes, which nobody can see again.
 * @throws {AnyFailure} It was not added, or the response was lost.
 */
export async function enrolPasskey(challenge: string, name: string): Promise<string[]> {
  const signal = AbortSignal.timeout(TIMEOUT);
  const body = { challenge };
  const path = "/api/auth/login/enrolment/passkeys/options";
  const { publicKey } = await ask(anonymous.POST(path, { body, signal }), isCreation);
  return create(publicKey, (credential) =>
    session.completePasskeyEnrolment({ challenge, credential, name }),
  );
}

async function create(
  publicKey: CreationOptions,
  send: (credential: CredentialJson) => Promise<string[]>,
): Promise<string[]> {
  const credential = await createPasskey(publicKey);
  try {
    return await send(credential);
  } catch (error) {
    // a passkey that nobody can sign in with must not stay in the browser
    if (isRejected(error)) {
      await signalUnknown({ rpId: publicKey.rp.id, credentialId: credential.id });
    }
    throw error;
  }
}

/** Removes one of the signed-in person's passkeys. */
export const removePasskey = (id: string): Promise<void> => session.removePasskey(id);

const isRejected = (error: unknown): boolean =>
  error instanceof HttpProblem && error.status < 500 && error.code !== "passkey_known";

async function readOptions(): Promise<RequestOptions> {
  const signal = AbortSignal.timeout(TIMEOUT);
  return (await ask(anonymous.POST("/api/auth/passkeys/options", { signal }), isRequest)).publicKey;
}

/** Gives up in good time before the challenge expires. */
async function chooseInField(options: RequestOptions, { signal }: Way) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, (options.timeout ?? LIFE) - MARGIN);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    return await getPasskey(options, { mediation: "conditional", signal: stop.signal });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

const signalOf = ({ signal }: Way) => (signal ? { signal } : {});

/** Waits, and then for as long as the page is hidden: nobody chooses a passkey there. */
async function pause(delay: number, signal: AbortSignal): Promise<void> {
  if (delay > 0) await until(signal, (done) => void setTimeout(done, delay));
  if (!document.hidden) return;
  await until(signal, (done) => document.addEventListener("visibilitychange", done, { signal }));
}

function until(signal: AbortSignal, begin: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    begin(resolve);
  });
}
