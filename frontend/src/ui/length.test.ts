import { expect, test } from "@playwright/test";
import { lengthOf } from "./length";

for (const [seconds, words] of [
  [2_592_000, "30 days"],
  [172_800, "2 days"],
  [86_400, "24 hours"],
  [5_400, "90 minutes"],
  [60, "one minute"],
  [1, "one minute"],
] as const) {
  test(`${seconds} seconds are ${words}`, () => {
    expect(lengthOf(seconds)).toBe(words);
  });
}
