// Numbers and dates follow the language of the browser; words are English.

const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const times = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** Formats the day of an RFC 3339 timestamp, in the local time zone. */
export const day = (at: string): string => days.format(new Date(at));

/** Formats the time of day of such a timestamp. */
export const time = (at: string): string => times.format(new Date(at));
