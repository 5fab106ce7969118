import { expect, test } from "@playwright/test";
import { lookup } from "./lookup";

const TABLE = { known: "value", empty: "" };

test("a key of the table returns its value", () => {
  expect(lookup(TABLE, "known")).toBe("value");
  expect(lookup(TABLE, "empty")).toBe("");
});

for (const key of [undefined, "", "unknown", "toString", "__proto__"]) {
  test(`a key of ${JSON.stringify(key)} returns undefined`, () => {
    expect(lookup(TABLE, key)).toBeUndefined();
  });
}
