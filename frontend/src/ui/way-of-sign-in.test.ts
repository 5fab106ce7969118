import { expect, test } from "@playwright/test";
import { wayOf } from "./way-of-sign-in";

for (const [way, words] of [
  ["password", "with the password"],
  ["password_and_code", "with password and code"],
  ["passkey", "with a passkey"],
  [null, ""],
] as const) {
  test(`a session that was begun with ${way} is told as “${words}”`, () => {
    expect(wayOf({ signedInWith: way })).toBe(words);
  });
}
