import { expect, test } from "@playwright/test";
import { hasPasskeys, refusalOf, signalUnknown } from "./passkeys";

for (const [name, reason] of [
  ["NotAllowedError", "not_given"],
  ["InvalidStateError", "known"],
  ["ConstraintError", "unfit"],
  ["NotSupportedError", "unfit"],
  ["SecurityError", "wrong_address"],
  ["UnknownError", "not_given"],
  ["toString", "not_given"],
] as const) {
  test(`${name} of the browser means ${reason}`, () => {
    const cause = new DOMException("-", name);

    expect(refusalOf(cause)).toMatchObject({ reason, cause });
  });
}

test("where there is no WebAuthn there are no passkeys, and nothing to tell", async () => {
  expect(hasPasskeys()).toBe(false);

  await signalUnknown({ rpId: "example.com", credentialId: "AbC" });
});
