import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { expectGood, WINDOWS } from "./accessibility";
import { Authenticator, enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

const FRESH = 30_000; // milliseconds

test.use({ settings: { FRESH: "30s", MFA_REQUIRED_ROLES: "USER" } });

const dialog = (page: Page) => page.getByRole("dialog");
const codes = (page: Page) =>
  page.getByRole("region", { name: "Your recovery codes" }).getByRole("listitem");
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const said = (page: Page, text: string) => page.getByRole("alert").filter({ hasText: text });

test.beforeEach(({ complaints }) => complaints.expect(/401 .*\/api\/auth\/(login|factors)/));

test("a change long after the sign-in asks for a new one on the spot, and then goes on", async ({
  page,
  browser,
  people,
  service,
}) => {
  test.setTimeout(120_000);
  const plain = await people.add("Petra Password", "ADMIN");
  const factored = await enrol(service, await people.add("Flo Factored", "ADMIN"));
  await visit(page, plain, "/account/");
  const other = await (await browser.newContext({ baseURL: service.url })).newPage();
  await other.goto("/account/");
  await signIn(other, factored);
  await other.getByLabel("Code from your app").fill(await factored.app.code());
  await press(other, "Sign in");
  await expect(other.getByText("10 recovery codes are left.")).toBeVisible();
  await press(page, "Set up an authenticator app"); // while that needs no other sign-in
  const app = new Authenticator(String(await dialog(page).getByRole("code").textContent()));
  await sleep(FRESH + 1_000);

  await test.step("with a password alone, in the midst of a set-up", async () => {
    await dialog(page)
      .getByLabel("Code from your app")
      .fill(await app.code());
    await press(page, "Confirm");
    await expect(dialog(page).getByLabel("Your password")).toBeFocused();
    await page.keyboard.type(plain.password);
    await page.keyboard.press("Enter");

    await expect(codes(page)).toHaveCount(10);
    await expect(dialog(page)).toBeHidden();
    await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeFocused();
  });

  await test.step("cancelled", async () => {
    await press(other, "Remove");
    await dialog(other).getByRole("button", { name: "Remove" }).click();
    await expect(dialog(other)).toHaveAccessibleName("Confirm that it’s you");
    await other.keyboard.press("Escape");
    await expect(dialog(other)).toBeHidden();
    await expect(other.getByText("10 recovery codes are left.")).toBeVisible();
    await expect(other.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
  });

  await test.step("with a second factor", async () => {
    const refreshed: string[] = [];
    other.on("request", (request) => {
      if (request.url().endsWith("/refresh")) refreshed.push(request.url());
    });
    await press(other, "Move to another app");
    const password = dialog(other).getByLabel("Your password");
    await password.fill("not the password");
    await press(other, "Confirm");
    await expect(password).toHaveAccessibleDescription("That isn’t your password.");
    await expect(password).toBeFocused();
    await password.fill(factored.password);
    await press(other, "Confirm");
    await expect(dialog(other).getByLabel("Code from your app")).toBeFocused();
    await dialog(other)
      .getByLabel("Code from your app")
      .fill(await factored.app.code());
    await press(other, "Confirm");

    await expect(dialog(other)).toHaveAccessibleName("Set up an authenticator app");
    expect(refreshed).toEqual([]);
    await other.keyboard.press("Escape");
    await press(other, "New recovery codes");
    await press(other, "Make new codes");
    await expect(codes(other)).toHaveCount(10);
    expect(await codes(other).allTextContents()).not.toEqual(factored.codes);
    await other.reload();
    await expect(other.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  });
  await other.context().close();
});

test("a person whose role requires a second factor adds an app while signing in", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/(400|409) .*\/api\/auth\/(login|factors)/);
  const person = await people.add("Rolf Required");
  await page.goto("/account/");
  await signIn(page, person);

  await expect(page.getByText("You need a second step")).toBeVisible();
  await expect(page.getByText("Scan this")).toBeFocused();
  const app = new Authenticator(String(await page.getByRole("code").textContent()));
  await page.getByLabel("Code from your app").fill(app.wrongCode());
  await press(page, "Confirm");
  await expect(page.getByLabel("Code from your app")).toHaveAccessibleDescription(/^The code must/);
  for (const [, viewport] of WINDOWS) {
    await page.setViewportSize(viewport);
    await expectGood(page);
  }
  await page.getByLabel("Code from your app").fill(await app.code());
  await press(page, "Confirm");

  await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  await expect(codes(page)).toHaveCount(10);
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeFocused();
  await press(page, "Remove");
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await expect(said(page, "second factor")).toBeVisible();
  await press(page, "Sign out");
  await signIn(page, person);
  await page.getByLabel("Code from your app").fill(await app.code());
  await press(page, "Sign in");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a set-up that comes too late, and one that is left, begin again", async ({
  page,
  people,
  service,
}) => {
  const person = await people.add("Lena Later");
  await page.goto("/");
  await signIn(page, person);
  await expect(page.getByRole("code")).toBeVisible();
  await press(page, "Back");
  await page.getByLabel("Password").fill(person.password);
  await press(page, "Sign in");
  const app = new Authenticator(String(await page.getByRole("code").textContent()));
  const password = "another kettle of fish";
  await service.latchkey(["set-password", "--password-stdin", person.email], `${password}\n`);

  await page.getByLabel("Code from your app").fill(await app.code());
  await press(page, "Confirm");

  await expect(said(page, "Please start again")).toBeVisible();
  await expect(page.getByLabel("Password")).toBeFocused();
});
