import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "latchkey-session";
import { errorsByField, formError, readNewUser } from "./new-user";

function problem(status: number, body: object): HttpProblem {
  return new HttpProblem(new Response(null, { status }), body);
}

const invalid = (errors: object[]) =>
  problem(400, { code: "invalid_request", title: "Invalid request", errors });

test("a form becomes a new user as typed, except for spaces around the email", () => {
  const form = new FormData();
  const typed = { name: "Ada ", email: " a@b.example ", password: " pass ", role: "ADMIN" };
  for (const [name, value] of Object.entries(typed)) form.set(name, value);

  expect(readNewUser(form)).toEqual({ ...typed, email: "a@b.example" });
});

test("a form without a role adds a user, not an administrator", () => {
  expect(readNewUser(new FormData())).toEqual({ name: "", email: "", password: "", role: "USER" });
});

test("the service's predicates become sentences about their fields", () => {
  const errors = errorsByField(
    invalid([
      { field: "name", message: "must have a visible character" },
      { field: "password", message: "must have 8 to 128 characters" },
    ]),
  );

  expect(Object.fromEntries(errors)).toEqual({
    name: "Name must have a visible character.",
    password: "Password must have 8 to 128 characters.",
  });
});

test("an address that is taken is an error of the email field", () => {
  const errors = errorsByField(problem(409, { code: "email_taken", title: "E-mail taken" }));

  expect(Object.fromEntries(errors)).toEqual({ email: "Another user has this email." });
});

test("errors of no field of the form are left to the form", () => {
  const failure = invalid([{ field: "", message: "must be an object" }]);

  expect(errorsByField(failure).size).toBe(0);
  expect(formError(failure)).toBe("Something went wrong. Invalid request.");
});

test("a failure without a problem has no errors by field", () => {
  expect(errorsByField(new NoResponse()).size).toBe(0);
  expect(errorsByField(null).size).toBe(0);
});
