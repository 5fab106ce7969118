import type { State } from "latchkey-session";
import { useSyncExternalStore } from "react";
import { session } from "./session";

const STARTING: State = { phase: "starting" };

const subscribe = (listener: () => void) => session.subscribe(listener);

/** Returns the session, for a component. Exported pages are rendered with nobody signed in. */
export const useSession = (): State =>
  useSyncExternalStore(
    subscribe,
    () => session.state,
    () => STARTING,
  );

/** Returns whether the session cannot be renewed at the moment, which the shell then shows. */
export function useIsRenewalFailing(): boolean {
  const session = useSession();
  return session.phase === "signedIn" && session.failure !== null;
}

/** Whether the signed-in person is an administrator. */
export function useIsAdministrator(): boolean {
  const session = useSession();
  return session.phase === "signedIn" && session.user.role === "ADMIN";
}
