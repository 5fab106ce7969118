import { expect, test } from "@playwright/test";
import { HttpProblem } from "latchkey-session";
import { endingWords } from "./ending";

const ending = (body: object, isKnown = false) => ({
  problem: new HttpProblem(new Response(null, { status: 401 }), body),
  isKnown,
});
const MISSING = { code: "refresh_token_missing", title: "-" };
const ended = (reason: string) => ending({ code: "session_ended", title: "-", reason });

test("each reason has words of its own", () => {
  const reasons = [
    "logged_out",
    "replaced",
    "expired",
    "reuse_detected",
    "revoked",
    "user_disabled",
    "account_deleted",
  ];

  const words = new Set(reasons.map((reason) => endingWords(ended(reason))));

  expect(words.size).toBe(reasons.length);
  for (const sentence of words) expect(sentence).toMatch(/^You were signed out because /);
});

test("a missing cookie means that another tab signed out, if that tab has noted it", () => {
  expect(endingWords(ending(MISSING, true))).toContain("in another tab");
});

test("otherwise a missing cookie has expired, or was not kept", () => {
  const words = endingWords(ending(MISSING));

  expect(words).toContain("away for too long");
  expect(words).toContain("allow cookies");
  expect(words).not.toContain("another tab");
});

test("any other ending, or a reason from a newer service, asks to sign in again", () => {
  const again = "Your session is no longer valid. Sign in again.";

  expect(endingWords(ending({ code: "refresh_token_invalid", title: "-" }))).toBe(again);
  expect(endingWords(ended("valueOf"))).toBe(again);
});
