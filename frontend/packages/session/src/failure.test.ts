import { expect, test } from "@playwright/test";
import { challengeOf, HttpProblem, isFailure, NoResponse } from "./failure.ts";

const PROBLEM = { code: "email_taken", title: "E-mail taken", requestId: "0123abcd" };

function problem(status: number, body: unknown, headers = {}): HttpProblem {
  return new HttpProblem(new Response(null, { status, headers }), body);
}

test("a problem has the status of its response and the members of its body", () => {
  expect(problem(409, PROBLEM)).toMatchObject({
    status: 409,
    code: "email_taken",
    message: "E-mail taken",
    problem: PROBLEM,
  });
});

for (const body of [undefined, null, "<html>", {}, { code: "email_taken" }]) {
  test(`a body of ${JSON.stringify(body)} is a problem with the code "unknown"`, () => {
    expect(problem(502, body).code).toBe("unknown");
  });
}

test("a problem carries its Retry-After in milliseconds, or null", () => {
  expect(problem(503, PROBLEM, { "Retry-After": "3" }).retryAfter).toBe(3_000);
  expect(problem(503, PROBLEM).retryAfter).toBeNull();
});

test("failures are told from errors of the program", () => {
  expect(isFailure(problem(503, PROBLEM))).toBe(true);
  expect(isFailure(new NoResponse())).toBe(true);
  expect(isFailure(new TypeError())).toBe(false);
});

const REQUIRED = { code: "second_factor_required", title: "Second factor required" };
const CHALLENGE = {
  challenge: "AbC",
  factors: ["totp", "recovery_code"],
  rememberDeviceFor: 86_400,
};

test("a sign-in that lacks the second factor has a challenge", () => {
  const body = { ...REQUIRED, ...CHALLENGE, expiresIn: 300 };

  expect(challengeOf(problem(401, body))).toEqual(CHALLENGE);
  for (const foreign of [undefined, null, 0, "soon"]) {
    const plain = problem(401, { ...body, rememberDeviceFor: foreign });
    expect(challengeOf(plain)).toEqual({ ...CHALLENGE, rememberDeviceFor: null });
  }
});

for (const [name, error] of [
  ["a wrong password", problem(401, { ...CHALLENGE, code: "invalid_credentials", title: "-" })],
  ["a challenge without factors", problem(401, { ...REQUIRED, challenge: "AbC" })],
  ["factors without a challenge", problem(401, { ...REQUIRED, factors: ["totp"] })],
  ["a lost response", new NoResponse()],
  ["an error of the program", new TypeError()],
] as const) {
  test(`${name} has no challenge`, () => {
    expect(challengeOf(error)).toBeNull();
  });
}
