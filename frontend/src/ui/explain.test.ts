import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "latchkey-session";
import { PasskeyRefusal } from "@/api/passkeys";
import { explain } from "./explain";

function problem(status: number, body: unknown, retryAfter?: string): HttpProblem {
  const headers = retryAfter === undefined ? {} : { "Retry-After": retryAfter };
  return new HttpProblem(new Response(null, { status, headers }), body);
}

test("a known code has words of its own", () => {
  const { title } = explain(problem(401, { code: "invalid_credentials", title: "-" }));

  expect(title).toBe("That didn’t work");
});

test("each refusal of the browser has words of its own, and says what to do", () => {
  const reasons = ["not_given", "late", "known", "unfit", "wrong_address"] as const;

  const words = reasons.map((reason) => explain(new PasskeyRefusal(reason)));

  expect(new Set(words.map(({ title }) => title)).size).toBe(reasons.length);
});

test("no response is explained as an unreachable service", () => {
  expect(explain(new NoResponse()).title).toBe("Can’t reach the service");
});

for (const [seconds, when] of [
  [undefined, "in a moment"],
  ["-3", "in a moment"],
  ["0", "in 1 second"],
  ["2", "in 2 seconds"],
  ["99", "in 99 seconds"],
  ["100", "in 2 minutes"],
  ["240", "in 4 minutes"],
  ["5999", "in 100 minutes"],
  ["6000", "in 2 hours"],
  ["3000000", "in 35 days"],
] as const) {
  test(`a Retry-After of ${seconds} is told as "${when}"`, () => {
    const failure = problem(429, { code: "too_many_attempts", title: "-" }, seconds);

    expect(explain(failure).detail).toBe(`Try again ${when}.`);
  });
}

for (const [status, title] of [
  [429, "Too many attempts"],
  [502, "The service is busy"],
  [503, "The service is busy"],
  [504, "The service is busy"],
] as const) {
  test(`a proxy's ${status} is explained by its status`, () => {
    expect(explain(problem(status, "<html>")).title).toBe(title);
  });
}

test("anything else has its own title and what an administrator can look up", () => {
  const body = { code: "internal_error", title: "Internal error", requestId: "0123abcd" };

  expect(explain(problem(500, body))).toEqual({
    title: "Something went wrong",
    detail: "Internal error. Your administrator can look it up as 0123abcd.",
  });
});

test("a code from a newer service is explained by its title", () => {
  const { detail } = explain(problem(418, { code: "constructor", title: "I’m a teapot" }));

  expect(detail).toBe("I’m a teapot.");
});
