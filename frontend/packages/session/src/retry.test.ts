import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "./failure.ts";
import { isTransient, retryDelay } from "./retry.ts";

const problem = (status: number, headers = {}) =>
  new HttpProblem(new Response(null, { status, headers }), null);

for (const status of [429, 502, 503, 504]) {
  test(`status ${status} is transient`, () => {
    expect(isTransient(problem(status))).toBe(true);
  });
}

for (const status of [400, 401, 403, 404, 409, 500]) {
  test(`status ${status} is not transient`, () => {
    expect(isTransient(problem(status))).toBe(false);
  });
}

test("a lost response is transient, and a programming error is not", () => {
  expect(isTransient(new NoResponse())).toBe(true);
  expect(isTransient(new TypeError())).toBe(false);
});

test("the pause doubles from one second up to half a minute", () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6, 40].map((failed) => retryDelay(new NoResponse(), failed, 0));

  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("the service's Retry-After replaces the doubling, even beyond half a minute", () => {
  const busy = problem(503, { "Retry-After": "120" });

  expect(retryDelay(busy, 0, 0)).toBe(120_000);
  expect(retryDelay(busy, 9, 0)).toBe(120_000);
});

for (const seconds of ["3600", "3000000", "9".repeat(400)]) {
  test(`a Retry-After of ${seconds.slice(0, 10)} seconds is an hour`, () => {
    expect(retryDelay(problem(503, { "Retry-After": seconds }), 0, 1)).toBe(3_600_000);
  });
}

test("a negative Retry-After is none", () => {
  expect(retryDelay(problem(503, { "Retry-After": "-3" }), 0, 0)).toBe(1_000);
});

test("jitter adds up to a second, and is random by default", () => {
  expect(retryDelay(new NoResponse(), 0, 0.5)).toBe(1_500);
  const pauses = new Set(Array.from({ length: 20 }, () => retryDelay(new NoResponse(), 0)));
  expect(pauses.size).toBeGreaterThan(1);
  for (const pause of pauses) expect(Math.floor(pause / 1_000)).toBe(1);
});
