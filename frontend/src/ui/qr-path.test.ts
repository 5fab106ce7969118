import { expect, test } from "@playwright/test";
import { qrPath } from "./qr-path";

test("each dark module is a square of the path, and each light one is left out", () => {
  expect(
    qrPath([
      [true, false],
      [false, true],
    ]),
  ).toBe("M0 0h1v1h-1zM1 1h1v1h-1z");
});

test("a code without dark modules has no path", () => {
  expect(qrPath([[false]])).toBe("");
});
