import { expect, test } from "@playwright/test";
import { PAGES, pagesOf } from "./pages";

test("users see the pages that need no role, and administrators see all", () => {
  expect(pagesOf("USER").map(({ name }) => name)).toEqual(["Orders", "Account"]);
  expect(pagesOf("ADMIN")).toEqual(PAGES);
});
