import type { SecondFactor } from "@/api/types";

/** The kinds of second factors that the pages have a field for; an app first. */
const KINDS: readonly SecondFactor[] = ["totp", "recovery_code"];

/** What a person can be asked for: kinds of codes, the first one at once, and a passkey. */
export type Askable = { codes: SecondFactor[]; passkey: boolean };

/**
 * Returns what a person can be asked for.
 *
 * @param factors What the service accepts. A newer one may accept more. If the pages know none of
 *   it, they ask for the code of an app.
 */
export function askable(factors: readonly string[]): Askable {
  const codes = KINDS.filter((kind) => factors.includes(kind));
  const passkey = factors.includes("passkey");
  return { codes: codes.length > 0 || passkey ? codes : ["totp"], passkey };
}
