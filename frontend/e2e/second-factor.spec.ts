import type { Page } from "@playwright/test";
import { enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { signIn } from "./person";

const code = (page: Page) => page.getByLabel("Code from your app");
const recovery = (page: Page) => page.getByLabel("Recovery code");
const submit = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true }).click();
const said = (page: Page, text: string | RegExp) =>
  page.getByRole("alert").filter({ hasText: text });

test.beforeEach(({ complaints }) => complaints.expect(/(401|429) .*\/api\/auth\/login/));

test("a person with a second factor signs in with password and code, by keyboard alone", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Fiona Factor"));
  await page.goto("/account/");
  await signIn(page, person);

  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expect(code(page)).toBeFocused();
  await expect(code(page)).toHaveAttribute("inputmode", "numeric");
  await expect(code(page)).toHaveAttribute("autocomplete", "one-time-code");
  await page.keyboard.type(await person.app.code());
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
  await expect(page.getByText(/^Signed in with password and code, /)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("a code that is pasted with blanks signs in", async ({ page, context, people, service }) => {
  const person = await enrol(service, await people.add("Paula Paste"));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/");
  await signIn(page, person);
  await expect(code(page)).toBeFocused();
  const digits = await person.app.code();

  const copied = ` ${digits.slice(0, 3)} ${digits.slice(3)}\n`;
  await page.evaluate((text) => navigator.clipboard.writeText(text), copied);
  await page.keyboard.press("Control+V");
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a wrong code can be corrected, and an empty one is not sent", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Wanda Wrong"));
  await page.goto("/");
  await signIn(page, person);

  await submit(page);
  await expect(code(page)).toHaveAccessibleDescription("Enter the code that your app shows.");
  await expect(code(page)).toBeFocused();
  await expect(said(page, /./)).toHaveCount(0);

  await code(page).fill(person.app.wrongCode());
  await submit(page);
  await expect(said(page, "That code didn’t work")).toContainText("Each code works once.");
  await expect(code(page)).toBeFocused();

  await page.keyboard.type(await person.app.code()); // replaces the wrong one, which is selected
  await submit(page);
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a recovery code signs in once", async ({ page, people, service }) => {
  const person = await enrol(service, await people.add("Rhea Recovery"));
  const [first = "", second = ""] = person.codes;
  await page.goto("/");

  for (const [typed, isGood] of [
    [first.toUpperCase().replaceAll("-", " "), true],
    [first, false],
  ] as const) {
    await signIn(page, person);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await expect(recovery(page)).toBeFocused();
    await expect(recovery(page)).toHaveAttribute("inputmode", "text");
    await recovery(page).fill(typed);
    await submit(page);
    if (!isGood) break;
    await page.getByRole("button", { name: "Sign out" }).click();
  }

  await expect(said(page, "That code didn’t work")).toBeVisible();
  await recovery(page).fill(second);
  await submit(page);
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a person goes back to the password, and from one kind of code to the other", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Bea Back"));
  await page.goto("/");
  await signIn(page, person);
  await code(page).fill(person.app.wrongCode());
  await submit(page);
  await expect(said(page, "That code didn’t work")).toBeVisible();

  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await expect(said(page, /./)).toHaveCount(0);
  await page.getByRole("button", { name: "Use the app" }).click();
  await expect(code(page)).toBeFocused();
  await expect(code(page)).toHaveValue("");
  await page.getByRole("button", { name: "Back" }).click();

  await expect(page.getByLabel("Email")).toHaveValue(person.email);
  await expect(page.getByLabel("Password")).toBeFocused();
  await expect(page.getByLabel("Password")).toHaveValue("");
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await code(page).fill(await person.app.code());
  await submit(page);
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("where the challenge is no longer good, the person starts again and is told why", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Lara Late"));
  await page.goto("/");
  await signIn(page, person);
  await expect(code(page)).toBeVisible();
  const password = "another kettle of fish";
  await service.latchkey(["set-password", "--password-stdin", person.email], `${password}\n`);

  await code(page).fill(await person.app.code());
  await submit(page);

  await expect(said(page, "Please start again")).toContainText("your email and password");
  await expect(page.getByLabel("Password")).toBeFocused();
  await signIn(page, { ...person, password });
  await expect(code(page)).toBeFocused();
  await expect(said(page, /./)).toHaveCount(0);
});

test("after too many codes the page says how long to wait", async ({ page, people, service }) => {
  const person = await enrol(service, await people.add("Toni Toomany"));
  await page.goto("/");
  await signIn(page, person);

  for (let tries = 0; tries < 11; tries++) {
    const response = page.waitForResponse("**/api/auth/login/second-factor");
    await code(page).fill(person.app.wrongCode());
    await page.keyboard.press("Enter");
    await response;
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  }

  await expect(said(page, "Too many attempts")).toContainText(/Try again in \d+/);
});

test("challenge, code and token are nowhere but in memory", async ({ page, people, service }) => {
  const person = await enrol(service, await people.add("Mona Memory"));
  const required = page.waitForResponse("**/api/auth/login");
  await page.goto("/");
  await signIn(page, person);
  const { challenge } = await (await required).json();
  expect(challenge.length).toBeGreaterThan(70);

  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]),
  );
  expect(kept + (await page.content())).not.toContain(challenge);
  await page.reload();
  await expect(page.getByLabel("Email")).toHaveValue("");
  await expect(code(page)).toBeHidden();
});
