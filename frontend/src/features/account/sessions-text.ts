import type { SignedInSession } from "@/api/types";

/** Returns the name of a session's device, in words. */
export const deviceName = ({ device }: Pick<SignedInSession, "device">): string =>
  device ?? "Unknown device";

/** Tells how many sessions have ended. */
export function signedOut(count: number): string {
  if (count === 0) return "Nothing was left to sign out.";
  return count === 1 ? "Signed out in one place." : `Signed out in ${count} places.`;
}
