/** In milliseconds, a year: it keeps a number of any length within what can be put into words. */
const LONGEST = 365 * 86_400_000;

/**
 * Returns how long `Retry-After` asks clients to wait, in milliseconds; null if it is missing or
 * cannot be read.
 *
 * Source: RFC 9110, section 10.2.3. It is a number of seconds or a date, which is compared with the
 * date of the response: the clock here may be wrong.
 */
export function readRetryAfter(headers: Headers): number | null {
  const text = headers.get("Retry-After")?.trim() ?? "";
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : until(text, headers.get("Date"));
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST);
}

function until(date: string, now: string | null): number {
  if (!date.endsWith(" GMT")) return Number.NaN; // Date.parse would take "-5" for a date as well
  return Date.parse(date) - (now ? Date.parse(now) : Date.now());
}
