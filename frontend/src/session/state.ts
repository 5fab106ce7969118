import { useSyncExternalStore } from "react";
import type { Failure, HttpProblem } from "@/api/failure";
import type { User } from "@/api/types";

/**
 * Who is signed in, as far as is known.
 *
 * `failure` is why the last renewal failed; it is retried. The session continues meanwhile: an
 * unreachable service doesn't sign anybody out. `ending` is why the session ended; null if it ended
 * by a sign-out in this tab, or if there was none. A page is exported in the phase `starting`, and
 * stays in it until its scripts run.
 */
export type Session =
  | { phase: "starting" }
  | { phase: "restoring"; failure: Failure | null }
  | { phase: "signedIn"; user: User; failure: Failure | null }
  | { phase: "signedOut"; ending: Ending | null };

/** `isKnown`: another tab saw the session end before this one did. */
export type Ending = { problem: HttpProblem; isKnown: boolean };

const STARTING: Session = { phase: "starting" };

let session: Session = STARTING;
const listeners = new Set<() => void>();

export const current = (): Session => session;

export function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

/** Forgets who is signed in, until the service says so again. */
export const forget = (): void => change({ phase: "restoring", failure: null });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the session, for a component. Exported pages are rendered with nobody signed in. */
export const useSession = (): Session => useSyncExternalStore(subscribe, current, () => STARTING);

/** Returns whether the session cannot be renewed at the moment, which the shell then shows. */
export function useIsRenewalFailing(): boolean {
  const session = useSession();
  return session.phase === "signedIn" && session.failure !== null;
}
