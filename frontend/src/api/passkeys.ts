import { lookup } from "./lookup";

/** What the pages ask of the browser for passkeys (WebAuthn Level 3). */

/** What the service wants the browser to sign, of which the pages read this. The browser checks it. */
export type RequestOptions = { challenge: string; rpId: string; timeout?: number };
/** The same for a new passkey. */
export type CreationOptions = { challenge: string; rp: { id: string } };
/** A credential in the form that the service reads. */
export type CredentialJson = { id: string };
/** A passkey of one account, and those that an account has. */
export type UnknownPasskey = { rpId: string; credentialId: string };
export type AcceptedPasskeys = { rpId: string; userId: string; allAcceptedCredentialIds: string[] };

/** Newer than the types of the DOM, and not in every browser. */
type Signals = {
  signalUnknownCredential(passkey: UnknownPasskey): Promise<void>;
  signalAllAcceptedCredentials(passkeys: AcceptedPasskeys): Promise<void>;
};

export type RefusalReason = "not_given" | "late" | "known" | "unfit" | "wrong_address";

/** By the names of WebAuthn's exceptions; anything else is "not_given". */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  InvalidStateError: "known",
  ConstraintError: "unfit",
  NotSupportedError: "unfit",
  SecurityError: "wrong_address",
};

/** Why there is no passkey: the person, the browser or the device refused, or it took too long. */
export class PasskeyRefusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(`No passkey: ${reason}`, options);
    this.reason = reason;
  }
}

/** Returns whether this browser has passkeys, and reads and writes JSON. */
export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function" &&
    typeof PublicKeyCredential.prototype.toJSON === "function"
  );
}

/** Returns whether this browser offers passkeys where it fills in a field. */
export async function offersInFields(): Promise<boolean> {
  return hasPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
}

/**
 * Asks the person for one of their passkeys.
 *
 * @param how Whether the browser opens a window, or offers passkeys in a field until one is chosen.
 * @throws {PasskeyRefusal} There is none.
 * @throws {DOMException} `AbortError`: the signal was aborted.
 */
export function getPasskey(
  options: RequestOptions,
  how: Pick<CredentialRequestOptions, "mediation" | "signal">,
): Promise<CredentialJson> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  return answered(navigator.credentials.get({ ...how, publicKey }), how.signal);
}

/** Lets the person create a passkey; throws as `getPasskey`. */
export function createPasskey(options: CreationOptions): Promise<CredentialJson> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  return answered(navigator.credentials.create({ publicKey }));
}

/** Tells the browser that the service does not know a passkey, so that it is not offered again. */
export const signalUnknown = (passkey: UnknownPasskey): Promise<void> =>
  signalled((browser) => browser.signalUnknownCredential?.(passkey));

/** Tells the browser which passkeys an account has, so that it forgets all others of it. */
export const signalAccepted = (passkeys: AcceptedPasskeys): Promise<void> =>
  signalled((browser) => browser.signalAllAcceptedCredentials?.(passkeys));

async function answered(
  question: Promise<Credential | null>,
  signal?: AbortSignal,
): Promise<CredentialJson> {
  try {
    const credential = await question;
    if (!(credential instanceof PublicKeyCredential)) throw new PasskeyRefusal("not_given");
    return credential.toJSON();
  } catch (error) {
    if (!(error instanceof DOMException) || signal?.aborted) throw error;
    throw refusalOf(error);
  }
}

/** Returns what an exception of the browser means for the person. */
export const refusalOf = (cause: DOMException): PasskeyRefusal =>
  new PasskeyRefusal(lookup(REASONS, cause.name) ?? "not_given", { cause });

/** A browser that cannot be told goes on as before. */
async function signalled(
  signal: (browser: Partial<Signals>) => Promise<void> | undefined,
): Promise<void> {
  if (hasPasskeys()) await signal(PublicKeyCredential as Partial<Signals>)?.catch(() => null);
}
