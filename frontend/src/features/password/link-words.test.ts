import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "latchkey-session";
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
