import { expect, test } from "@playwright/test";
import { codesLeft } from "./second-factors-text";

for (const [count, words] of [
  [0, "You have no recovery codes left. Make new ones."],
  [1, "One recovery code is left. Make new ones soon."],
  [3, "3 recovery codes are left. Make new ones soon."],
  [4, "4 recovery codes are left."],
  [10, "10 recovery codes are left."],
] as const) {
  test(`${count} recovery codes are told in words`, () => {
    expect(codesLeft(count)).toBe(words);
  });
}
