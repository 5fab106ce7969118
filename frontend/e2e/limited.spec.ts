import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { CHROMIUM } from "./browsers";
import { expect, test } from "./fixtures";
import { visit } from "./person";

/** Takes features away from a browser before a page's scripts run. */
const without = (page: Page, names: string[]) =>
  page.addInitScript((missing) => {
    const forbidden = () => {
      throw new DOMException("forbidden", "SecurityError");
    };
    if (missing.includes("BroadcastChannel")) Reflect.deleteProperty(window, "BroadcastChannel");
    if (missing.includes("locks")) {
      Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
    }
    if (missing.includes("localStorage")) {
      Object.defineProperty(window, "localStorage", { get: forbidden });
    }
  }, names);

for (const missing of [
  ["BroadcastChannel"],
  ["locks"],
  ["localStorage"],
  ["locks", "localStorage"],
]) {
  test(`the pages work without ${missing.join(" and ")}`, async ({ page, people }) => {
    await without(page, missing);
    await visit(page, people.user);
    await expect(page.getByRole("row")).toHaveCount(21);
    await page.reload();
    await expect(page.getByRole("row")).toHaveCount(21);

    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.reload();

    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeEnabled();
    await expect(page.getByText(/signed out/)).toBeHidden();
  });
}

test("a browser that blocks cookies is told so, and no session is left behind", async ({
  service,
}, { project }) => {
  const profile = await mkdtemp(path.join(tmpdir(), "latchkey-profile-"));
  await mkdir(path.join(profile, "Default"));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(path.join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    ...project.use.launchOptions,
    executablePath: CHROMIUM, // the shell reads no preferences
    baseURL: service.url,
  });
  const page = await context.newPage();

  await page.goto("/");

  await expect(page.getByRole("alert").filter({ hasText: "Cookies are blocked" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeHidden();
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

test("a cookie that the browser has not kept is not taken for a sign-out elsewhere", async ({
  page,
  context,
  people,
}) => {
  await visit(page, people.user);
  await context.clearCookies();

  await page.reload();

  await expect(page.getByText(/your browser has not kept the cookie/)).toBeVisible();
});

test("a tab that is stuck with the lock keeps nobody waiting for long, or silently", async ({
  page,
  context,
  people,
}) => {
  await visit(page, people.user);
  await page.evaluate(() => {
    void navigator.locks.request("latchkey-session", () => new Promise(() => {})).catch(() => null);
  });
  const other = await context.newPage();

  await other.goto("/orders/");
  await expect(other.getByText(/taking longer than usual/)).toBeVisible();
  await expect(other.getByRole("row")).toHaveCount(21);
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 6_000 });
});

test("a sign-in that waits for a stuck tab says so", async ({ page, context, people }) => {
  const stuck = await context.newPage();
  await stuck.goto("/");
  await stuck.evaluate(() => {
    void navigator.locks.request("latchkey-session", () => new Promise(() => {})).catch(() => null);
  });

  const visited = visit(page, people.user);
  await expect(page.getByRole("button", { name: "Signing in…" })).toBeVisible();
  await expect(page.getByText(/taking longer than usual/)).toBeVisible();
  await visited;

  await expect(page.getByRole("row")).toHaveCount(21);
});
