import { expect, test } from "@playwright/test";
import { deviceName, signedOut } from "./sessions-text";

test("a device has the name that the service tells", () => {
  expect(deviceName({ device: "Firefox on Linux" })).toBe("Firefox on Linux");
});

test("a device without a name is unknown", () => {
  expect(deviceName({ device: null })).toBe("Unknown device");
});

for (const [count, words] of [
  [0, "Nothing was left to sign out."],
  [1, "Signed out in one place."],
  [3, "Signed out in 3 places."],
] as const) {
  test(`${count} ended sessions are told in words`, () => {
    expect(signedOut(count)).toBe(words);
  });
}
