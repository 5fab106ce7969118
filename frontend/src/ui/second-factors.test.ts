import { expect, test } from "@playwright/test";
import { askable } from "./second-factors";

for (const [factors, asked] of [
  [
    ["recovery_code", "totp"],
    ["totp", "recovery_code"],
  ],
  [["totp"], ["totp"]],
  [["recovery_code", "carrier_pigeon"], ["recovery_code"]],
  [["carrier_pigeon"], ["totp"]],
  [[], ["totp"]],
] as const) {
  test(`where the service accepts ${factors.join(" and ") || "nothing"}, the page asks for ${asked.join(" or ")}`, () => {
    expect(askable(factors)).toEqual(asked);
  });
}
