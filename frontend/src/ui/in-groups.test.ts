import { expect, test } from "@playwright/test";
import { inGroups } from "./in-groups";

for (const [text, shown] of [
  ["", ""],
  ["ABC", "ABC"],
  ["ABCDEFGHIJ", "ABCD EFGH IJ"],
] as const) {
  test(`"${text}" is shown as "${shown}"`, () => {
    expect(inGroups(text)).toBe(shown);
  });
}
