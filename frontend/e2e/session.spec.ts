import {
  type BrowserContext,
  chromium,
  type Page,
  type Request,
  type Response,
} from "@playwright/test";
import { expect, test } from "./fixtures";
import { credentials, refuseToken, signIn, TokenHolder, visit } from "./person";

const rows = (page: Page) => page.getByRole("rowgroup").nth(1).getByRole("row");

/** Collects the statuses of all answers to refreshes in a browser. */
function refreshes(context: BrowserContext): number[] {
  const statuses: number[] = [];
  context.on("response", (response: Response) => {
    if (response.url().endsWith("/api/auth/refresh")) statuses.push(response.status());
  });
  return statuses;
}

/** Counts how many refreshes of a browser are on their way at the same time, at most. */
function mostAtOnce(context: BrowserContext): () => number {
  let most = 0;
  const underWay = new Set<Request>();
  context.on("request", (request) => {
    if (request.url().endsWith("/api/auth/refresh")) underWay.add(request);
    most = Math.max(most, underWay.size);
  });
  context.on("requestfinished", (request) => void underWay.delete(request));
  return () => most;
}

/** Holds back what waits for it. */
class Gate {
  open = () => {};
  readonly passed = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

test("a reload keeps the session", async ({ page, people }) => {
  await visit(page, people.user);

  await page.reload();

  await expect(rows(page)).toHaveCount(20);
});

test("the access token is nowhere but in memory", async ({ page, people, context }) => {
  const answer = page.waitForResponse("**/api/auth/login");
  await visit(page, people.user);
  const { accessToken } = await (await answer).json();
  await expect(rows(page)).toHaveCount(20);

  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookie: document.cookie,
    history: history.state,
    name: window.name,
  }));

  expect(kept).toMatchObject({ local: {}, databases: [], caches: [], cookie: "", name: "" });
  expect(JSON.stringify(kept)).not.toContain(accessToken);
  expect(page.url()).not.toContain(accessToken);
  expect(await page.content()).not.toContain(accessToken);
  const [cookie] = await context.cookies(`${page.url().replace("/orders/", "")}/api/auth`);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/api/auth" });
});

test("the token is renewed before it expires, and nobody notices", async ({
  page,
  people,
  context,
}) => {
  await page.clock.install();
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);

  const renewed = page.waitForResponse("**/api/auth/refresh", { timeout: 10_000 });
  await page.clock.fastForward("14:35");
  await renewed;
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows(page)).toHaveCount(40);

  expect(statuses).toEqual([200]);
});

test("however many ask for a new token, it is renewed once", async ({ page, people, context }) => {
  await page.clock.install();
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);
  const gate = new Gate();
  await page.route("**/api/auth/refresh", (route) => gate.passed.then(() => route.continue()));

  const asked = page.waitForRequest("**/api/auth/refresh");
  await page.clock.fastForward("16:00");
  await asked;
  await page.getByRole("button", { name: "Show more" }).click();
  gate.open();

  await expect(rows(page)).toHaveCount(40);
  expect(statuses).toEqual([200]);
});

test("a tab that nobody looks at renews once somebody does", async ({ page, people, context }) => {
  await page.addInitScript(() => {
    Object.defineProperty(document, "hidden", { get: () => "isHidden" in window });
  });
  await page.clock.install();
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);

  await page.evaluate(() => Object.assign(window, { isHidden: true }));
  await page.clock.fastForward("16:00");
  await page.waitForTimeout(1_000);
  expect(statuses).toEqual([]);

  const renewed = page.waitForResponse("**/api/auth/refresh");
  await page.evaluate(() => {
    Reflect.deleteProperty(window, "isHidden");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await renewed;
  expect(statuses).toEqual([200]);
});

test("a renewal that finds somebody else shows theirs and nothing of who was there", async ({
  page,
  context,
  people,
  service,
}) => {
  const other = await people.add("Olga Other");
  await page.clock.install();
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);

  // as if somebody had signed in from a page that doesn't tell the others
  await context.request.post(`${service.url}/api/auth/login`, { data: credentials(other) });
  await page.clock.fastForward("14:45");

  await expect(page.getByRole("banner")).toContainText("Olga Other");
  await expect(page.getByText("No orders yet")).toBeVisible();
  await expect(page.getByRole("table")).toBeHidden();
});

test("a token that the service refuses is renewed, and the question asked again", async ({
  page,
  people,
  context,
  complaints,
}) => {
  complaints.expect(/401.*\/api\/orders/);
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);

  await page.route("**/api/orders*", refuseToken, { times: 1 });
  await page.getByRole("button", { name: "Show more" }).click();

  await expect(rows(page)).toHaveCount(40);
  expect(statuses).toEqual([200]);
});

test("ten tabs at once neither lose the session nor each other", async ({
  context,
  page,
  people,
}) => {
  await context.clock.install();
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);
  const atOnce = mostAtOnce(context);
  const others = await Promise.all(Array.from({ length: 9 }, () => context.newPage()));
  const tabs = [page, ...others];

  await Promise.all(others.map((tab) => tab.goto("/orders/")));
  for (const tab of tabs) await expect(rows(tab)).toHaveCount(20);
  expect(statuses).toEqual(Array(9).fill(200));

  await context.clock.fastForward("16:00");
  await expect.poll(() => statuses.length).toBe(19);
  await Promise.all(tabs.map((tab) => tab.getByRole("button", { name: "Show more" }).click()));
  for (const tab of tabs) await expect(rows(tab)).toHaveCount(40);
  expect(statuses).toEqual(Array(19).fill(200));
  expect(atOnce()).toBe(1);
});

test("a refresh whose answer got lost is repeated at once, and nobody is signed out", async ({
  page,
  context,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/ERR_.*\/api\/auth\/refresh$/);
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const holder = await TokenHolder.of(context, service);
  let [lostAt, repeatedAt] = [0, 0];

  // the service gets the request and rotates, but the browser never hears of it
  await page.route("**/api/auth/refresh", async (route) => {
    if (lostAt > 0) {
      repeatedAt = Date.now();
      return route.continue();
    }
    await holder.refresh();
    lostAt = Date.now();
    return route.abort();
  });
  await page.reload();

  await expect(rows(page)).toHaveCount(20);
  expect(repeatedAt - lostAt).toBeLessThan(1_000); // the least that a later try waits
});

test("a refresh that two others have overtaken is repeated with the newest token", async ({
  page,
  context,
  people,
  service,
}) => {
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const holder = await TokenHolder.of(context, service);
  const statuses = refreshes(context);
  const newest = await holder.refresh(2);

  await page.route("**/api/auth/refresh", async (route) => {
    if (statuses.length > 0) {
      const [cookie] = await context.cookies(`${service.url}/api/auth`);
      if (cookie) await context.addCookies([{ ...cookie, value: newest }]);
    }
    await route.continue();
  });
  await page.reload();

  await expect(rows(page)).toHaveCount(20);
  expect(statuses).toEqual([401, 200]);
});

test("signing out in one tab signs out the others", async ({ context, page, people }) => {
  await visit(page, people.user);
  const other = await context.newPage();
  await other.goto("/orders/");
  await expect(rows(other)).toHaveCount(20);

  await page.getByRole("button", { name: "Sign out" }).click();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("status")).toBeHidden();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(other.getByText(/because you signed out in another tab/)).toBeVisible();
});

test("signing in in one tab signs in the others, as whoever it is", async ({
  context,
  page,
  people,
}) => {
  await visit(page, people.user);
  const other = await context.newPage();
  await other.goto("/orders/");
  await expect(other.getByRole("banner")).toContainText("Uma User");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await signIn(page, people.admin);

  await expect(other.getByRole("heading", { name: "Orders" })).toBeVisible();
  await expect(other.getByRole("banner")).toContainText("Ada Admin");
  await expect(other.getByText("Uma User")).toBeHidden();
});

test("a sign-out that the service didn't get is told, and the session goes on", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/ERR_.*\/api\/auth\/logout$/);
  await visit(page, people.user);
  await page.route("**/api/auth/logout", (route) => route.abort());

  await page.getByRole("button", { name: "Sign out" }).click();

  await expect(page.getByRole("alert").filter({ hasText: "still signed in" })).toBeVisible();
  await page.unroute("**/api/auth/logout");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("after signing out, going back shows nothing", async ({ page, people }) => {
  await visit(page, people.admin);
  await expect(rows(page)).toHaveCount(20);
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goBack();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("table")).toBeHidden();
  await expect(page.getByText("Ada Admin")).toBeHidden();
});

test("a page that the browser kept for its back button holds nothing of the person's", async ({
  people,
  service,
}, { project }) => {
  const browser = await chromium.launch({
    ...project.use.launchOptions,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  const page = await browser.newPage({ baseURL: service.url });
  await page.addInitScript(() => {
    window.addEventListener("pageshow", (event) => {
      const rows = document.querySelectorAll("tbody tr").length;
      Object.assign(window, { shown: { persisted: event.persisted, rows } });
    });
  });
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);

  await page.goto("/nowhere");
  await page.evaluate(() => history.back()); // page.goBack() waits for a load that never comes

  await expect(page).toHaveURL("/orders/");
  await expect(rows(page)).toHaveCount(20);
  const shown = await page.evaluate(() => Reflect.get(window, "shown"));
  expect(shown).toEqual({ persisted: true, rows: 0 });
  await browser.close();
});
