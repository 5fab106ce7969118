const NAME = "latchkey-session";

/** In milliseconds: longer than the other tabs need one after another, unless one is stuck. */
const LOCK_TIMEOUT = 30_000;

/**
 * Runs work on the session's cookie while no other tab does.
 *
 * Web Locks exist on https and localhost only, and a tab may be frozen while it holds the lock. In
 * both cases the work runs without it. This is safe: the service gives the same token to tabs that
 * refresh within the same few seconds, so the lock only saves requests.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work();
  let isHeld = false;
  const start = () => {
    isHeld = true;
    return work();
  };
  const signal = AbortSignal.timeout(LOCK_TIMEOUT);
  try {
    return await navigator.locks.request(NAME, { signal }, start);
  } catch (error) {
    if (isHeld) throw error;
    return work();
  }
}

let channel: BroadcastChannel | null = null;

/** Tells the other tabs that somebody signed in or out; neither who, nor with what token. */
export function announce(): void {
  // a second channel object would deliver the message to this tab as well
  channel?.postMessage("changed");
}

/** Calls a listener for each announcement of another tab, until the returned function is called. */
export function onAnnouncement(listener: () => void): () => void {
  channel = new BroadcastChannel(NAME);
  channel.onmessage = listener;
  return () => {
    channel?.close();
    channel = null;
  };
}
