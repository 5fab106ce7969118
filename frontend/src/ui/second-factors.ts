import type { SecondFactor } from "@/api/types";

/** The kinds of second factors that the pages have a field for; an app first. */
const KINDS: readonly SecondFactor[] = ["totp", "recovery_code"];

/**
 * Returns what a person can be asked for.
 *
 * @param factors What the service accepts. A newer one may accept more. If the pages know none of
 *   it, they ask for the code of an app.
 */
export function askable(factors: readonly string[]): [SecondFactor, ...SecondFactor[]] {
  const [first = "totp", ...others] = KINDS.filter((kind) => factors.includes(kind));
  return [first, ...others];
}
