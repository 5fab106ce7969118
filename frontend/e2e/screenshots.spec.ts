import path from "node:path";
import type { Page } from "@playwright/test";
import { test } from "./fixtures";
import { visit } from "./person";

const PLACE = path.resolve(import.meta.dirname, "../../docs/images");

test.use({ viewport: { width: 1000, height: 640 }, locale: "en-IE" });

const take = (page: Page, name: string) =>
  page.screenshot({ path: path.join(PLACE, `${name}.png`), animations: "disabled" });

test("the pages on a desk, in light @screenshots", async ({ page, people }) => {
  await page.goto("/");
  await page.getByLabel("Email").fill(people.admin.email);
  await take(page, "sign-in");

  await visit(page, people.admin);
  await page.getByRole("row").nth(20).waitFor();
  await take(page, "orders");

  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("row").nth(1).waitFor();
  await page.getByRole("button", { name: "Invite", exact: true }).waitFor();
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Name").fill("Grace Hopper");
  await take(page, "users");
});

test.describe("on a phone", () => {
  test.use({ colorScheme: "dark", viewport: { width: 375, height: 667 } });

  test("orders in the dark @screenshots", async ({ page, people }) => {
    await visit(page, people.user);
    await page.getByRole("row").nth(20).waitFor();
    await take(page, "orders-phone-dark");
  });
});

test("a page that isn't there @screenshots", async ({ page, complaints }) => {
  complaints.expect(/404/);
  await page.goto("/nowhere");
  await take(page, "not-found");
});
