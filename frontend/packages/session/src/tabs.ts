const NAME = "latchkey-session";

/**
 * In milliseconds: longer than ten tabs need one after another. A tab that holds the lock for longer
 * is stuck.
 */
const LOCK_TIMEOUT = 8_000;

/**
 * Runs work on the session's cookie while no other tab does.
 *
 * Web Locks exist on https and localhost only, and a tab may be stuck while it holds the lock. Then
 * the work runs all the same. This is safe: the service gives the same token to tabs that refresh
 * within the same few seconds, so the lock only saves requests. The lock is taken away from a tab
 * that is stuck, so that nobody waits for it a second time.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  let running: Promise<T> | null = null;
  const run = (): Promise<T> => {
    running ??= work();
    return running;
  };
  for (const options of [{ signal: AbortSignal.timeout(LOCK_TIMEOUT) }, { steal: true }]) {
    // a lock that is refused or taken away, and work that fails: in the end, `run` tells
    if (!running) await navigator.locks?.request(NAME, options, run).catch(() => null);
  }
  return run();
}
