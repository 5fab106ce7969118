import { useSyncExternalStore } from "react";
import type { Failure, Refusal } from "@/api/failure";
import type { User } from "@/api/types";

/**
 * What is known about who sits here.
 *
 * `failure` says why the service could not be asked at the last try; it is tried again. A session
 * goes on meanwhile: not being able to ask isn't being signed out. `farewell` is the refusal that
 * ended a session which the person did not end here, null otherwise.
 */
export type Session =
  | { phase: "restoring"; failure: Failure | null }
  | { phase: "signedIn"; user: User; failure: Failure | null }
  | { phase: "signedOut"; farewell: Refusal | null };

const UNKNOWN: Session = { phase: "restoring", failure: null };

let session: Session = UNKNOWN;
const listeners = new Set<() => void>();

export const current = (): Session => session;

export function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

/** Forgets who it was, until the service tells again. */
export const forget = (): void => become(UNKNOWN);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The session, for a component. Exported pages are made with nobody in them. */
export const useSession = (): Session => useSyncExternalStore(subscribe, current, () => UNKNOWN);
