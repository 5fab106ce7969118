import { HttpProblem, retryDelay } from "latchkey-session";
import { type AnyFailure, isAnyFailure } from "@/api/failure";
import { type CredentialJson, PasskeyRefusal, type RequestOptions } from "@/api/passkeys";

/** What a sign-in with a passkey consists of. */
export type Steps = {
  /** Asks the service for options, with a new challenge. */
  options: () => Promise<RequestOptions>;
  /** Asks the person for a passkey, and throws `AbortError` once the options are too old. */
  choose: (options: RequestOptions, how: Way) => Promise<CredentialJson>;
  /** Signs in. */
  send: (credential: CredentialJson) => Promise<void>;
  /** Tells the browser that the service does not know the passkey. */
  forget: (options: RequestOptions, credential: CredentialJson) => Promise<void>;
};

/** Whether the browser opens a window or offers passkeys in a field. */
export type Way = { place: "window" | "field"; signal?: AbortSignal };

/**
 * Signs in with a passkey. If the challenge is no longer good, the browser asks once more, in a
 * window.
 *
 * @throws {AnyFailure} The sign-in failed, and nothing has changed.
 */
export async function prove(steps: Steps, way: Way): Promise<void> {
  if (await isInTime(steps, way)) return;
  if (await isInTime(steps, { ...way, place: "window" })) return;
  throw new PasskeyRefusal("late");
}

/** Returns whether the challenge was still good. */
async function isInTime(steps: Steps, way: Way): Promise<boolean> {
  const options = await steps.options();
  const credential = await steps.choose(options, way);
  try {
    await steps.send(credential);
    return true;
  } catch (error) {
    const code = error instanceof HttpProblem ? error.code : "";
    if (code === "challenge_invalid") return false;
    if (code === "passkey_unknown") await steps.forget(options, credential);
    throw error;
  }
}

/** What happens around the rounds of an offer. */
export type Surroundings = {
  /** Is told why a passkey that was chosen did not sign in. */
  tell: (failure: AnyFailure) => void;
  /** Waits for so many milliseconds, and for as long as the page is hidden. */
  pause: (delay: number, signal: AbortSignal) => Promise<void>;
};

/** After these, no other passkey would sign in. */
const FINAL = new Set(["passkeys_disabled", "origin_not_allowed"]);

/**
 * Offers passkeys in a field until one of them signs in or the signal is aborted. The options are
 * renewed before they expire, and after a failure the offer continues: the next passkey may be the
 * right one. Of requests that the person has not made, no failure is told.
 */
export async function offer(
  steps: Steps,
  signal: AbortSignal,
  { tell, pause }: Surroundings,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    let isChosen = false;
    const choose: Steps["choose"] = async (options, way) => {
      const credential = await steps.choose(options, way);
      isChosen = true;
      return credential;
    };
    try {
      await prove({ ...steps, choose }, { place: "field", signal });
      return;
    } catch (error) {
      if (signal.aborted) return;
      const isRenewal = error instanceof DOMException && error.name === "AbortError";
      if (!isRenewal && !isAnyFailure(error)) throw error;
      if (!isRenewal && isChosen) tell(error);
      if (!isRenewal && error instanceof HttpProblem && FINAL.has(error.code)) return;
      await pause(isRenewal ? 0 : retryDelay(error, failures++), signal);
    }
  }
}
