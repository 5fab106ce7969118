import { expect, test } from "@playwright/test";
import { LONGEST_NAME, suggestedName, whereabouts } from "./passkeys-text";

const HERE = { current: true, device: "Chromium on Linux" };
const THERE = { current: false, device: "Safari on iPhone" };

test("a passkey is named after the browser and system that it is created in", () => {
  expect(suggestedName([THERE, HERE], [])).toBe("Chromium on Linux");
});

test("where the browser is not known, a passkey has a plain name", () => {
  for (const sessions of [[], [THERE], [{ current: true, device: null }]]) {
    expect(suggestedName(sessions, [])).toBe("My passkey");
  }
});

test("a second passkey of one browser gets the next number that is free", () => {
  expect(suggestedName([HERE], ["Chromium on Linux"])).toBe("Chromium on Linux 2");
  expect(suggestedName([HERE], ["Chromium on Linux", "Chromium on Linux 2"])).toBe(
    "Chromium on Linux 3",
  );
});

test("a suggested name is one that the service accepts", () => {
  const device = "x".repeat(100);
  const taken = [suggestedName([{ current: true, device }], [])];

  expect(suggestedName([{ current: true, device }], taken).length).toBeLessThanOrEqual(
    LONGEST_NAME,
  );
});

test("a synced passkey and one that stays on its device are told apart", () => {
  expect(whereabouts(true)).not.toBe(whereabouts(false));
});
