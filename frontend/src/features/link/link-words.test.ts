import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "latchkey-session";
import { kindIn } from "./link-token";
import { whyEnded } from "./link-words";

const problem = (code: string, reason?: string) =>
  new HttpProblem(new Response(null, { status: 410 }), { code, title: "-", reason });

test("each reason has words of its own", () => {
  const reasons = ["expired", "superseded", "used", "withdrawn"];
  const words = new Set(reasons.map((reason) => whyEnded(problem("link_ended", reason))));

  expect(words.size).toBe(reasons.length);
  expect(words).not.toContain(null);
});

test("a reason from a newer service has words, too", () => {
  expect(whyEnded(problem("link_ended", "lost"))).toBe("This link is no longer good.");
});

test("any other failure is not the end of a link", () => {
  expect(whyEnded(problem("link_invalid"))).toBeNull();
  expect(whyEnded(new NoResponse())).toBeNull();
  expect(whyEnded(null)).toBeNull();
});

test("a link that creates an account is superseded by an account", () => {
  const failure = problem("link_ended", "superseded");

  const words = new Set(
    ([null, "password_reset", "registration", "invitation"] as const).map((kind) =>
      whyEnded(failure, kind),
    ),
  );

  expect(words.size).toBe(2);
  expect(whyEnded(failure, "registration")).toBe(whyEnded(failure, "invitation"));
  expect(whyEnded(problem("link_ended", "used"), "registration")).toMatch(/used already/);
});

test("a link to a new address is withdrawn by another one", () => {
  const failure = problem("link_ended", "withdrawn");

  expect(whyEnded(failure, "email_change")).toMatch(/another address/);
  expect(whyEnded(failure, "invitation")).toBe(whyEnded(failure));
});

test("the third byte of a token says what its link is for", () => {
  const kinds = ["AQAB", "Af8C", "AX8D", "AX8E", "AX8F", "A", "", "~~~~", "_-8BAZ"].map(kindIn);

  expect(kinds).toEqual([
    "password_reset",
    "registration",
    "invitation",
    "email_change",
    null,
    null,
    null,
    null,
    "password_reset",
  ]);
});
