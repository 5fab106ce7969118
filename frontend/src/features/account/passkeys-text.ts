import type { SignedInSession } from "@/api/types";

/** In characters, of the name of a passkey. */
export const LONGEST_NAME = 64;

/**
 * Returns a name for a new passkey: that of this browser and system, as the service calls it, with a
 * number if there is such a passkey already.
 */
export function suggestedName(
  sessions: readonly Pick<SignedInSession, "current" | "device">[],
  taken: readonly string[],
): string {
  const device = sessions.find(({ current }) => current)?.device ?? "My passkey";
  const name = device.slice(0, LONGEST_NAME - 4);
  let count = 1;
  const numbered = () => (count === 1 ? name : `${name} ${count}`);
  while (taken.includes(numbered())) count += 1;
  return numbered();
}

/** Tells where a passkey is. */
export const whereabouts = (isSynced: boolean | null): string =>
  isSynced ? "synced between your devices" : "on one device only";
