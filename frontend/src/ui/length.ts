const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** Returns a length of time in words, rounded to the largest unit that it has more than one of. */
export function lengthOf(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= 2 * size) ?? ["minute", 60];
  const count = Math.max(1, Math.round(seconds / size));
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}
