import { useSyncExternalStore } from "react";
import { session } from "./session";

type Kept = { userId: string; codes: readonly string[] };

/**
 * Recovery codes that somebody has just got: nobody can see them again. They are kept in memory
 * until that person has put them away, on whatever page they are, or another one signs in.
 */
let kept: Kept | null = null;
const listeners = new Set<() => void>();

session.subscribe(() => {
  const { state } = session;
  const isSomebodyElse = state.phase === "signedIn" && state.user.id !== kept?.userId;
  if (kept && (state.phase === "signedOut" || isSomebodyElse)) change(null);
});

/** Shows codes to the signed-in person; none change nothing. */
export function showCodes(codes: readonly string[]): void {
  const { state } = session;
  if (codes.length > 0 && state.phase === "signedIn") change({ userId: state.user.id, codes });
}

/** Forgets the codes: the person has put them away. */
export const forgetCodes = (): void => change(null);

/** Returns the codes that a person has not put away yet; null if there are none. */
export function useNewCodes(userId: string): readonly string[] | null {
  const current = useSyncExternalStore(
    subscribe,
    () => kept,
    () => null,
  );
  return current?.userId === userId ? current.codes : null;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: Kept | null): void {
  kept = next;
  for (const listener of listeners) listener();
}
