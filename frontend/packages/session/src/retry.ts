import { HttpProblem, NoResponse } from "./failure.ts";

const TRANSIENT = new Set([429, 502, 503, 504]);
const LONGEST_PAUSE = 30_000;

/**
 * In milliseconds: no timer is set for longer, whatever the service or the clock says. A browser's
 * timer of more than 2^31 ms, 25 days, fires at once.
 */
export const LONGEST_TIMER = 3_600_000;

/** Returns whether the same call may succeed later, with nothing changed. */
export function isTransient(failure: unknown): boolean {
  return (
    failure instanceof NoResponse ||
    (failure instanceof HttpProblem && TRANSIENT.has(failure.status))
  );
}

/**
 * Returns how long to wait before the next attempt, in milliseconds.
 *
 * This is what the service asks for, up to an hour. If it doesn't ask, the pause starts at a second
 * and doubles up to half a minute. Up to a second of jitter keeps clients from returning all at once.
 *
 * @param attempts How many attempts have failed before this one.
 * @param jitter From 0 up to 1.
 */
export function retryDelay(failure: unknown, attempts: number, jitter = Math.random()): number {
  const asked = failure instanceof HttpProblem ? failure.retryAfter : null;
  const pause = asked ?? Math.min(LONGEST_PAUSE, 1_000 * 2 ** attempts);
  return Math.min(LONGEST_TIMER, pause + jitter * 1_000);
}
