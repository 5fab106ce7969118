const NAME = "latchkey-session";

/** Longer than the other tabs can take one after another, unless one of them is stuck. */
const PATIENCE = 30_000;

/**
 * Does something with the session's cookie while no other tab does.
 *
 * Web Locks exist on https and localhost only, and a tab may be frozen while it holds the lock. In
 * both cases the work is done without it: the service gives tabs that refresh within the same few
 * seconds the same token, so the lock is a courtesy, not what the session's safety rests on.
 */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work();
  let isMine = false;
  const start = () => {
    isMine = true;
    return work();
  };
  try {
    return await navigator.locks.request(NAME, { signal: AbortSignal.timeout(PATIENCE) }, start);
  } catch (error) {
    if (isMine) throw error;
    return work();
  }
}

/** Tells the other tabs that somebody signed in or out. Says neither who nor with what token. */
export function announce(): void {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage("changed");
  channel.close();
}

/** Listens to the other tabs, until the returned function is called. */
export function onAnnouncement(listener: () => void): () => void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = listener;
  return () => channel.close();
}
