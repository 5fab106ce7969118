import { expect, test } from "@playwright/test";
import { mailKind, mailState } from "./mail-words";

const AT = "2026-03-04T09:30:00Z";

test("a kind of mail is told in words", () => {
  expect(mailKind("new_sign_in")).toBe("New sign in");
});

test("a mail that was given up says why", () => {
  const mail = { attempts: 3, failure: "550 5.1.1", nextAttemptAt: null };

  expect(mailState(mail)).toBe("Given up: 550 5.1.1");
});

test("a mail that was not tried yet is about to be sent", () => {
  expect(mailState({ attempts: 0, failure: null, nextAttemptAt: AT })).toBe("About to be sent");
});

for (const [attempts, words] of [
  [1, "once"],
  [2, "2 times"],
] as const) {
  test(`a mail that was tried ${words} says so, and when it is tried again`, () => {
    const state = mailState({ attempts, failure: null, nextAttemptAt: AT });

    expect(state).toMatch(new RegExp(`^Tried ${words}, again .*2026`));
  });
}
