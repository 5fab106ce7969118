import { expect, test } from "@playwright/test";
import { askable } from "./second-factors";

for (const [factors, codes] of [
  [
    ["recovery_code", "totp"],
    ["totp", "recovery_code"],
  ],
  [["totp"], ["totp"]],
  [["recovery_code", "carrier_pigeon"], ["recovery_code"]],
  [["carrier_pigeon"], ["totp"]],
  [[], ["totp"]],
] as const) {
  test(`where the service accepts ${factors.join(" and ") || "nothing"}, the page asks for ${codes.join(" or ")}`, () => {
    expect(askable(factors)).toEqual({ codes, passkey: false });
  });
}

for (const [others, codes] of [
  [[], []],
  [["carrier_pigeon"], []],
  [["recovery_code"], ["recovery_code"]],
  [
    ["recovery_code", "totp"],
    ["totp", "recovery_code"],
  ],
] as const) {
  test(`beside a passkey and ${others.join(" and ") || "nothing"}, the page asks for ${codes.join(" or ") || "no code"}`, () => {
    expect(askable(["passkey", ...others])).toEqual({ codes, passkey: true });
  });
}
