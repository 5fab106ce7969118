import { useSyncExternalStore } from "react";
import type { Failure, HttpProblem } from "@/api/failure";
import type { User } from "@/api/types";

/**
 * Who is signed in, as far as is known.
 *
 * `failure` is why the last renewal failed; it is retried. The session continues meanwhile: an
 * unreachable service doesn't sign anybody out. `ending` is the problem that ended the session;
 * null if it ended by a sign-out in this tab, or if there was none.
 */
export type Session =
  | { phase: "restoring"; failure: Failure | null }
  | { phase: "signedIn"; user: User; failure: Failure | null }
  | { phase: "signedOut"; ending: HttpProblem | null };

const UNKNOWN: Session = { phase: "restoring", failure: null };

let session: Session = UNKNOWN;
const listeners = new Set<() => void>();

export const current = (): Session => session;

export function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

/** Forgets who is signed in, until the service says so again. */
export const forget = (): void => change(UNKNOWN);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the session, for a component. Exported pages are rendered with nobody signed in. */
export const useSession = (): Session => useSyncExternalStore(subscribe, current, () => UNKNOWN);

/** Returns whether the session cannot be renewed at the moment, which the shell then shows. */
export function useIsRenewalFailing(): boolean {
  const session = useSession();
  return session.phase === "signedIn" && session.failure !== null;
}
