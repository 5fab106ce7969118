import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "latchkey-session";
import { ask } from "./failure";

const anything = () => true;

const PROBLEM = { code: "email_taken", title: "E-mail taken", requestId: "0123abcd" };

function problem(status: number, body: unknown): HttpProblem {
  return new HttpProblem(new Response(null, { status }), body);
}

test("the body of a successful response is returned", async () => {
  const response = new Response(null, { status: 200 });

  expect(await ask(Promise.resolve({ data: "body", response }), anything)).toBe("body");
});

test("an unsuccessful response is thrown as the problem that it carries", async () => {
  const response = new Response(null, { status: 409 });

  const call = ask(Promise.resolve({ error: PROBLEM, response }), anything);
  const failure = await call.catch((error) => error);

  expect(failure).toBeInstanceOf(HttpProblem);
  expect(failure).toMatchObject({ status: 409, code: "email_taken", problem: PROBLEM });
});

test("a success without a body counts as lost, because the caller needs the body", async () => {
  const response = new Response(null, { status: 200 });

  await expect(ask(Promise.resolve({ response }), anything)).rejects.toThrow(NoResponse);
});

test("a success with a body that the service would not send counts as lost", async () => {
  const response = new Response(null, { status: 200 });
  const call = ask(Promise.resolve({ data: null, response }), (body) => body !== null);

  await expect(call).rejects.toThrow(NoResponse);
});

test("a lost response is thrown as NoResponse with its cause", async () => {
  const cause = new TypeError("Failed to fetch");

  const failure: unknown = await ask(Promise.reject(cause), anything).catch((error) => error);

  expect(failure).toBeInstanceOf(NoResponse);
  expect(failure).toHaveProperty("cause", cause);
});

test("a failure that prevented the call is thrown unchanged", async () => {
  const failure = problem(401, { code: "session_ended", title: "Session ended" });

  await expect(ask(Promise.reject(failure), anything)).rejects.toBe(failure);
});
