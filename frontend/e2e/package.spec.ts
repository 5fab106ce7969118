import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page, Response } from "@playwright/test";
import { enrol } from "./authenticator";
import { test as base, expect } from "./fixtures";
import { signIn, TokenHolder } from "./person";
import { Service } from "./service";

const FRONTEND = path.resolve(import.meta.dirname, "..");
const PACKAGE = path.join(FRONTEND, "packages/session");
const COMPILER = path.join(FRONTEND, "node_modules/typescript/bin/tsc");

/** The service with the example page of the package `latchkey-session`, as it is built for others. */
const test = base.extend<object, { service: Service }>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures here
    async ({}, use) => {
      const pages = await mkdtemp(path.join(tmpdir(), "latchkey-example-"));
      await cp(path.join(PACKAGE, "example"), pages, { recursive: true });
      const built = path.join(pages, "session");
      execFileSync(process.execPath, [COMPILER, "--project", PACKAGE, "--outDir", built]);
      const service = await Service.create(pages);
      await use(service);
      await service.destroy();
      await rm(pages, { recursive: true });
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

const orders = (page: Page) => page.getByRole("listitem");
const form = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true });

function refreshes(page: Page): number[] {
  const statuses: number[] = [];
  page.on("response", (response: Response) => {
    if (response.url().endsWith("/api/auth/refresh")) statuses.push(response.status());
  });
  return statuses;
}

test("a page without a framework asks for the code of a second factor", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/401 .*\/api\/auth\/login/);
  const person = await enrol(service, await people.add("Paige Plain"));
  await page.goto("/");
  await signIn(page, person);
  const code = page.getByLabel("Code");

  await code.fill(person.app.wrongCode());
  await form(page).click();
  await expect(page.getByRole("status")).toHaveText("Second factor invalid");
  await code.fill(await person.app.code());
  await form(page).click();

  await expect(page.getByRole("heading")).toHaveText(`Orders of ${person.name}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Email")).toBeVisible();
  await expect(code).toBeHidden();
});

test("a page without a framework signs in, survives a reload, and signs out", async ({
  page,
  people,
}) => {
  const statuses = refreshes(page);
  await page.goto("/");
  await expect(form(page)).toBeVisible();
  expect(statuses).toEqual([]); // a visitor without a session costs no request

  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  await page.reload();
  await expect(orders(page)).toHaveCount(20);
  await expect(page.getByRole("heading")).toHaveText(`Orders of ${people.user.name}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(form(page)).toBeVisible();
  await page.reload();

  await expect(form(page)).toBeVisible();
  await expect(orders(page)).toHaveCount(0);
  expect(statuses).toEqual([200]);
});

test("a wrong password is told", async ({ page, people, complaints }) => {
  complaints.expect(/401.*\/api\/auth\/login$/);
  await page.goto("/");

  await signIn(page, { ...people.user, password: "wrong horse battery" });

  await expect(page.getByRole("status")).toHaveText("Invalid credentials");
  await expect(form(page)).toBeVisible();
});

test("a refresh whose response is lost is repeated, and nobody notices", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/ERR_FAILED.*\/api\/auth\/refresh$/);
  await page.goto("/");
  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  const sentAt: number[] = [];
  const lostAt: number[] = [];
  await page.route("**/api/auth/refresh", async (route) => {
    sentAt.push(Date.now());
    if (sentAt.length > 2) return route.continue();
    await route.fetch(); // the service rotates the token
    lostAt.push(Date.now());
    await route.abort();
  });

  await page.reload();

  await expect(orders(page)).toHaveCount(20);
  expect(sentAt).toHaveLength(3);
  expect(Number(sentAt[1]) - Number(lostAt[0])).toBeLessThan(1_000); // the shortest pause
});

test("a refresh that is never answered is repeated after 4 seconds", async ({ page, people }) => {
  await page.goto("/");
  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  const sentAt: number[] = [];
  await page.route("**/api/auth/refresh", async (route) => {
    sentAt.push(Date.now());
    if (sentAt.length === 1)
      await route.fetch(); // the service rotates the token
    else await route.continue();
  });

  await page.reload();

  await expect(orders(page)).toHaveCount(20);
  expect(sentAt).toHaveLength(2);
  const pause = Number(sentAt[1]) - Number(sentAt[0]);
  expect(pause).toBeGreaterThan(3_900);
  expect(pause).toBeLessThan(6_000);
});

test("a request that the role forbids is not repeated", async ({ page, people, complaints }) => {
  complaints.expect(/403.*\/api\/admin\/users$/);
  await page.goto("/");
  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/api/admin/users")) statuses.push(response.status());
  });
  const refreshed = refreshes(page);

  const code = await page.evaluate(async (module) => {
    const { Session } = await import(module);
    const response = await new Session().fetch("/api/admin/users");
    return (await response.json()).code;
  }, "/session/index.js");

  expect(code).toBe("insufficient_role");
  expect(statuses).toEqual([403]);
  expect(refreshed).toEqual([200]); // a second session on this page has no token yet
});

test("tabs refresh one after another, and each knows when another one signs out", async ({
  page,
  context,
  people,
}) => {
  await page.goto("/");
  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  let inFlight = 0;
  let most = 0;
  context.on("request", (request) => {
    if (request.url().endsWith("/api/auth/refresh")) most = Math.max(most, ++inFlight);
  });
  context.on("requestfinished", (request) => {
    if (request.url().endsWith("/api/auth/refresh")) inFlight -= 1;
  });
  const tabs = await Promise.all([1, 2, 3].map(() => context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto("/")));
  for (const tab of tabs) await expect(orders(tab)).toHaveCount(20);
  expect(most).toBe(1);

  await page.getByRole("button", { name: "Sign out" }).click();

  for (const tab of tabs) {
    await expect(form(tab)).toBeVisible();
    await expect(orders(tab)).toHaveCount(0);
  }
});

test("a session that a thief has used says why it ended", async ({
  page,
  context,
  people,
  service,
}) => {
  await page.goto("/");
  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  await (await TokenHolder.of(context, service)).refresh(3);

  await page.reload();

  await expect(page.getByRole("status")).toHaveText("Your session has ended: reuse_detected");
  await expect(form(page)).toBeVisible();
});

test("an outage is told, keeps the session, and ends by itself", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/503.*\/api\/auth\/refresh$/);
  await page.goto("/");
  await signIn(page, people.user);
  await expect(orders(page)).toHaveCount(20);
  await page.route("**/api/auth/refresh", (route) =>
    route.fulfill({ status: 503, contentType: "text/html", body: "<h1>Bad gateway</h1>" }),
  );
  await page.reload();
  await expect(page.getByRole("status")).toHaveText("Unexpected response");
  await expect(form(page)).toBeHidden();

  await page.unroute("**/api/auth/refresh");

  await expect(orders(page)).toHaveCount(20);
  await expect(page.getByRole("status")).toHaveText("");
});
