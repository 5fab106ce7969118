import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

/** What the form asks for once it is there, so that the browser can offer passkeys. */
const FOR_PASSKEYS = ["/api/auth/features", "/api/auth/passkeys/options"];

/** Collects the paths of what a page asks of the API, besides what is for passkeys. */
function calls(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/") && !FOR_PASSKEYS.includes(pathname)) paths.push(pathname);
  });
  return paths;
}

const button = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true });

for (const path of ["/", "/orders/", "/users/"]) {
  test(`a visitor of ${path} gets the form there, without another page or request`, async ({
    page,
  }) => {
    const asked = calls(page);
    const documents: string[] = [];
    page.on("framenavigated", (frame) => documents.push(new URL(frame.url()).pathname));

    await page.goto(path);
    await expect(button(page)).toBeEnabled();
    await expect(page).toHaveTitle("Sign in · Latchkey");
    await page.waitForLoadState("networkidle");

    expect(new Set(documents)).toEqual(new Set([path]));
    expect(asked).toEqual([]);
  });
}

test("the form does not wait for what it asks for", async ({ page, people }) => {
  await page.route(/\/api\/auth\/(features|passkeys\/options)$/, () => {}); // never answered

  await visit(page, people.user);

  await expect(page.getByRole("row")).toHaveCount(21);
});

test("nothing moves when the button for passkeys appears", async ({ page }) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/auth/features", (route) => released.then(() => route.continue()));
  await page.goto("/");
  const forgot = page.getByRole("link", { name: "Forgot password?" });
  await expect(button(page)).toBeEnabled();
  const before = [await button(page).boundingBox(), await forgot.boundingBox()];
  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();

  release();

  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeVisible();
  expect([await button(page).boundingBox(), await forgot.boundingBox()]).toEqual(before);
});

test("the form is there before the scripts are, and keeps what is typed into it", async ({
  page,
  people,
}) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", (route) => released.then(() => route.continue()));
  await page.goto("/", { waitUntil: "commit" });
  await page.getByLabel("Email").fill(people.user.email);
  await page.getByLabel("Password").fill(people.user.password);
  await page.keyboard.press("Enter");
  await expect(button(page)).toBeDisabled();
  await expect(page).toHaveURL("/"); // the browser has not sent the form by itself

  release();
  await expect(button(page)).toBeEnabled();
  await expect(page.getByLabel("Email")).toHaveValue(people.user.email);
  await expect(page.getByLabel("Password")).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
  await expect(page).toHaveURL("/orders/");
});

test("a signed-in person never sees the form while a page loads", async ({ page, people }) => {
  await visit(page, people.user);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", (route) => released.then(() => route.continue()));

  await page.reload({ waitUntil: "commit" });
  await expect(page.getByRole("status").filter({ hasText: "Loading" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeHidden();

  release();
  await expect(page.getByRole("row")).toHaveCount(21);
});

test("signing in asks for nothing but the sign-in and the page", async ({ page, people }) => {
  const asked = calls(page);

  await visit(page, people.user);
  await expect(page.getByRole("row")).toHaveCount(21);
  await page.waitForLoadState("networkidle");

  expect(asked).toEqual(["/api/auth/login", "/api/orders"]);
});

test("after signing out, a page asks for nothing", async ({ page, people }) => {
  await visit(page, people.user);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  const asked = calls(page);

  await page.reload();
  await expect(button(page)).toBeEnabled();
  await page.waitForLoadState("networkidle");

  expect(asked).toEqual([]);
  await expect(page.getByText(/signed out/)).toBeHidden();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 320, height: 256 } });

  for (const path of ["/", "/orders/", "/users/"]) {
    test(`${path} says at its top that it needs it`, async ({ page }) => {
      await page.goto(path);

      await expect(page.locator(".noscript")).toContainText("Latchkey needs JavaScript.");
      await expect(page.locator(".noscript")).toBeInViewport();
      await expect(page.locator("main")).toBeHidden();
    });
  }
});

test("a session that another page has begun is found by signing in again", async ({
  page,
  people,
}) => {
  await visit(page, people.user);
  await page.evaluate(() => localStorage.clear());

  await page.reload();
  await signIn(page, people.user);

  await expect(page.getByRole("row")).toHaveCount(21);
});

test("on a slow connection the form shows in 3 seconds and works in 10", async ({
  page,
  context,
}) => {
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 400, // milliseconds a request
    downloadThroughput: 50_000, // bytes a second: 400 kbit/s
    uploadThroughput: 50_000,
  });
  const began = Date.now();

  await page.goto("/", { waitUntil: "commit" });
  await expect(page.getByLabel("Email")).toBeVisible();
  const shown = Date.now() - began;
  await expect(button(page)).toBeEnabled();
  const works = Date.now() - began;

  expect(shown).toBeLessThan(3_000);
  expect(works).toBeLessThan(10_000);
});
