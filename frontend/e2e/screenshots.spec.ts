import path from "node:path";
import type { Page } from "@playwright/test";
import { addPasskey, Device } from "./device";
import { test } from "./fixtures";
import { linkIn, mailTo } from "./mailbox";
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

test("the pages of an account @screenshots", async ({ page, people, service }) => {
  const email = "grace.hopper@example.com";
  await page.goto("/register/");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.goto(linkIn(await mailTo(service, email, "Create your account")));
  await page.getByLabel("Name", { exact: true }).fill("Grace Hopper");
  await page.getByLabel("Password").fill("a moth in relay 70");
  await take(page, "registration");

  const person = await people.add("Ada Lovelace");
  await Device.of(page);
  await visit(page, person, "/account/");
  await addPasskey(page, "Phone");
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("region", { name: "Passkeys" }).scrollIntoViewIfNeeded();
  await take(page, "account");
});

test("a page that isn't there @screenshots", async ({ page, complaints }) => {
  complaints.expect(/404/);
  await page.goto("/nowhere");
  await take(page, "not-found");
});
