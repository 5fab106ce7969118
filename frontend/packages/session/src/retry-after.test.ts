import { expect, test } from "@playwright/test";
import { readRetryAfter } from "./retry-after.ts";

const NOW = "Wed, 21 Oct 2026 07:28:00 GMT";
const YEAR = 365 * 86_400_000;

const read = (value: string, others = {}) =>
  readRetryAfter(new Headers({ "Retry-After": value, ...others }));

for (const [value, wait] of [
  ["0", 0],
  ["3", 3_000],
  [" 120 ", 120_000],
  ["3000000", 3_000_000_000],
  ["9".repeat(400), YEAR],
] as const) {
  test(`a Retry-After of ${value.slice(0, 10)} seconds is ${wait} ms`, () => {
    expect(read(value)).toBe(wait);
  });
}

for (const value of ["", "-5", "1.5", "soon", "NaN", "Infinity", "1e3", "21 Oct", "never GMT"]) {
  test(`a Retry-After of "${value}" cannot be read`, () => {
    expect(read(value)).toBeNull();
  });
}

test("a missing Retry-After is null", () => {
  expect(readRetryAfter(new Headers())).toBeNull();
});

for (const [date, wait] of [
  ["Wed, 21 Oct 2026 07:28:30 GMT", 30_000],
  ["Wed, 21 Oct 2026 07:27:00 GMT", 0],
  ["Wed, 21 Oct 9999 07:28:00 GMT", YEAR],
] as const) {
  test(`a Retry-After of ${date} is compared with the date of the response`, () => {
    expect(read(date, { Date: NOW })).toBe(wait);
  });
}

test("without the date of the response, a date is compared with the clock", () => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();

  const wait = read(inAMinute) ?? 0;

  expect(Math.abs(wait - 60_000)).toBeLessThan(5_000);
});
