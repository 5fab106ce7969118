import type { Browser, Page } from "@playwright/test";
import { Authenticator, enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { type Person, signIn, visit } from "./person";
import { scan } from "./qr";

const section = (page: Page) => page.getByRole("region", { name: "Second step of signing in" });
const dialog = (page: Page) => page.getByRole("dialog");
const codes = (page: Page) => page.getByRole("region", { name: "Your recovery codes" });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test.beforeEach(({ complaints }) => complaints.expect(/401 .*\/api\/auth\/login/));

/** Opens the dialog that sets up an app, and returns the app that it shows. */
async function begin(page: Page, button = "Set up an authenticator app"): Promise<Authenticator> {
  await press(page, button);
  await expect(dialog(page).getByText("Scan this")).toBeFocused();
  return new Authenticator(String(await dialog(page).getByRole("code").textContent()));
}

async function confirm(page: Page, code: string): Promise<void> {
  await dialog(page).getByLabel("Code from your app").fill(code);
  await press(page, "Confirm");
}

/** Waits for new recovery codes, and returns them. */
async function newCodes(page: Page): Promise<[string, ...string[]]> {
  await expect(codes(page).getByRole("listitem")).toHaveCount(10);
  const [first = "", ...others] = await codes(page).getByRole("listitem").allTextContents();
  return [first, ...others];
}

async function signInWith(page: Page, person: Person, code: string, label: string): Promise<void> {
  await signIn(page, person);
  if (label === "Recovery code") await press(page, "Use a recovery code");
  await page.getByLabel(label).fill(code);
  await press(page, "Sign in");
}

async function elsewhere(browser: Browser, url: string, person: Person): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: url })).newPage();
  await visit(page, person);
  return page;
}

test("a person sets up an authenticator app, and signs in with it", async ({
  page,
  browser,
  people,
  service,
}) => {
  const person = await people.add("Sid Setup");
  const other = await elsewhere(browser, service.url, person);
  await visit(page, person, "/account/");

  const app = await begin(page);
  await confirm(page, await app.code());

  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeFocused();
  await expect(codes(page).getByRole("listitem")).toHaveCount(10);
  await expect(section(page)).toContainText("10 recovery codes are left.");
  await expect(section(page).getByRole("status")).toContainText("signed out everywhere else");
  await other.reload();
  await expect(
    other.getByText(/because your password or your second factors were changed/),
  ).toBeVisible();
  await other.context().close();

  await press(page, "Sign out");
  await signInWith(page, person, await app.code(), "Code from your app");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("the QR code, the link and the key are one secret", async ({ page, people }) => {
      const person = await people.add("Quinn Qr");
      await visit(page, person, "/account/");
      await begin(page);

      const image = dialog(page).getByRole("img", { name: "QR code for your authenticator app" });
      await expect(image.locator("path")).toHaveAttribute("d", /./);
      const uri = await scan(image);

      const key = String(await dialog(page).getByRole("code").textContent());
      expect(new URL(uri).searchParams.get("secret")).toBe(key.replaceAll(" ", ""));
      expect(decodeURIComponent(new URL(uri).pathname)).toContain(person.email);
      const link = dialog(page).getByRole("link", { name: "Open the app" });
      await expect(link).toHaveAttribute("href", uri);
    });
  });
}

test("a wrong code is told at its field, and a right one with a blank is accepted", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/400 .*\/confirm$/);
  await visit(page, await people.add("Wim Wrong"), "/account/");
  const app = await begin(page);
  const field = dialog(page).getByLabel("Code from your app");

  await confirm(page, "");
  await expect(field).toHaveAccessibleDescription("Enter the code that your app shows.");
  await confirm(page, app.wrongCode());
  await expect(field).toHaveAccessibleDescription(
    "The code must be the code that the app shows now.",
  );
  await expect(field).toBeFocused();
  const digits = await app.code();
  await confirm(page, `${digits.slice(0, 3)} ${digits.slice(3)}`);

  await expect(codes(page)).toBeVisible();
});

test("a set-up that is cancelled changes nothing", async ({ page, people }) => {
  const person = await people.add("Cleo Cancel");
  await visit(page, person, "/account/");
  await begin(page);

  await page.keyboard.press("Escape");

  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("button", { name: "Set up an authenticator app" })).toBeFocused();
  await press(page, "Sign out");
  await signIn(page, person);
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("recovery codes can be copied and printed, and stay until they are put away", async ({
  page,
  context,
  people,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const person = await people.add("Cora Codes");
  await visit(page, person, "/account/");
  const app = await begin(page);
  await confirm(page, await app.code());
  const shown = await newCodes(page);

  await press(page, "Copy");
  await expect(codes(page).getByRole("status")).toHaveText("Copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown.join("\n"));

  await page.evaluate(() => Reflect.set(window, "print", () => document.body.append("printing")));
  await press(page, "Print");
  await expect(page.getByText("printing")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(codes(page)).toContainText(person.email);
  await expect(codes(page).getByText(person.email)).toBeVisible();
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(section(page)).toBeHidden();
  await page.emulateMedia({ media: "screen" });

  await page.getByRole("link", { name: "Orders" }).click();
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
  await expect(codes(page).getByRole("listitem")).toHaveText(shown);
  await press(page, "I have kept them");
  await expect(codes(page)).toBeHidden();
  await expect(page.getByRole("main")).toBeFocused();
});

test("recovery codes are nowhere but in memory, and go with the person", async ({
  page,
  people,
}) => {
  const person = await people.add("Gwen Gone");
  await visit(page, person, "/account/");
  const app = await begin(page);
  await confirm(page, await app.code());
  const [code] = await newCodes(page);

  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]),
  );
  expect(kept).not.toContain(code);
  await press(page, "Sign out");
  await signIn(page, people.user);

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
  await expect(page.getByText(code)).toBeHidden();
  await press(page, "Sign out");
  await signInWith(page, person, await app.code(), "Code from your app");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
  await expect(page.getByText(code)).toBeHidden();
});

test("new recovery codes replace the earlier ones", async ({ page, people, service }) => {
  const person = await enrol(service, await people.add("Nell New"));
  const [first = "", second = ""] = person.codes;
  await page.goto("/account/");
  await signInWith(page, person, first, "Recovery code");
  await expect(section(page)).toContainText("9 recovery codes are left.");

  await press(page, "New recovery codes");
  await press(page, "Make new codes");

  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeFocused();
  await expect(section(page)).toContainText("10 recovery codes are left.");
  const [fresh] = await newCodes(page);
  await press(page, "Sign out");
  await signInWith(page, person, second, "Recovery code");
  await expect(page.getByText("That code didn’t work")).toBeVisible();
  await page.getByLabel("Recovery code").fill(fresh);
  await press(page, "Sign in");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a person moves to another app, and the recovery codes stay good", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Mo Moving"));
  const [first = "", second = ""] = person.codes;
  await page.goto("/account/");
  await signInWith(page, person, first, "Recovery code");

  const app = await begin(page, "Move to another app");
  await confirm(page, await app.code());

  await expect(section(page).getByRole("status")).toContainText("app was added");
  await expect(codes(page)).toBeHidden();
  await press(page, "Sign out");
  await signInWith(page, person, await person.app.code(), "Code from your app");
  await expect(page.getByText("That code didn’t work")).toBeVisible();
  await page.getByLabel("Code from your app").fill(await app.code());
  await press(page, "Sign in");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
  await press(page, "Sign out");
  await signInWith(page, person, second, "Recovery code");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("without the second step, the password alone signs in", async ({ page, people, service }) => {
  const person = await enrol(service, await people.add("Remy Remove"));
  await page.goto("/account/");
  await signInWith(page, person, await person.app.code(), "Code from your app");

  await press(page, "Remove");
  await expect(dialog(page)).toHaveAccessibleDescription(/Your password alone will sign you in\./);
  await press(page, "Cancel");
  await expect(section(page)).toContainText("10 recovery codes are left.");
  await press(page, "Remove");
  await dialog(page).getByRole("button", { name: "Remove" }).click();

  await expect(section(page).getByRole("status")).toContainText("Your password alone signs you in");
  await expect(page.getByRole("button", { name: "Set up an authenticator app" })).toBeVisible();
  await press(page, "Sign out");
  await signIn(page, person);
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("where the service has no second factors, none are offered", async ({ page, people }) => {
  const features = page.waitForResponse("**/api/auth/features");
  const factors = page.waitForResponse("**/api/auth/factors");
  await page.route("**/api/auth/features", (route) =>
    route.fulfill({ json: { registration: "off", mail: true, secondFactors: false } }),
  );
  await visit(page, await people.add("Otto Off"), "/account/");
  await Promise.all([features, factors]);

  await expect(page.getByRole("heading", { name: "Change your password" })).toBeVisible();
  await expect(section(page)).toBeHidden();
});
