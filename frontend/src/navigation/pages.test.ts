import { expect, test } from "@playwright/test";
import { HOME, PAGES, pageAfterSignIn, pagesOf, signInFor } from "./pages";

for (const { href } of PAGES) {
  test(`a visitor of ${href} comes back to it after signing in`, () => {
    const { search } = new URL(signInFor(href), "https://latchkey.example");

    expect(pageAfterSignIn(search)).toBe(href);
  });
}

for (const search of [
  "",
  "?next=",
  "?next=/nowhere/",
  "?next=https://evil.example/orders/",
  "?next=//evil.example/orders/",
  "?next=/orders/../evil",
  "?next=javascript:alert(1)",
]) {
  test(`"${search}" leads to the home page`, () => {
    expect(pageAfterSignIn(search)).toBe(HOME);
  });
}

test("users see the pages that need no role, and administrators see all", () => {
  expect(pagesOf("USER").map(({ name }) => name)).toEqual(["Orders", "Account"]);
  expect(pagesOf("ADMIN")).toEqual(PAGES);
});
