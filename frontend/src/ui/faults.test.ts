import { expect, test } from "@playwright/test";
import { missing } from "./faults";

const REQUIRED = { email: "Enter your email.", password: "Enter your password." };

test("each field that was left empty is named, in the order of the form", () => {
  expect([...missing({ email: "", password: "" }, REQUIRED)]).toEqual([
    ["email", "Enter your email."],
    ["password", "Enter your password."],
  ]);
});

test("a field with any text is not missing, blanks included", () => {
  expect([...missing({ email: "a", password: " " }, REQUIRED)]).toEqual([]);
});
