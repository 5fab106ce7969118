import {
  type BrowserContext,
  chromium,
  type Page,
  type Request,
  type Response,
} from "@playwright/test";
import { CHROMIUM } from "./browsers";
import { expect, test } from "./fixtures";
import { credentials, invalidateToken, signIn, TokenHolder, visit } from "./person";

const rows = (page: Page) => page.getByRole("rowgroup").nth(1).getByRole("row");

/** Collects the statuses of all responses to refreshes in a browser. */
function refreshes(context: BrowserContext): number[] {
  const statuses: number[] = [];
  context.on("response", (response: Response) => {
    if (response.url().endsWith("/api/auth/refresh")) statuses.push(response.status());
  });
  return statuses;
}

/** Counts how many refreshes of a browser are in flight at the same time, at most. */
function mostAtOnce(context: BrowserContext): () => number {
  let most = 0;
  const inFlight = new Set<Request>();
  context.on("request", (request) => {
    if (request.url().endsWith("/api/auth/refresh")) inFlight.add(request);
    most = Math.max(most, inFlight.size);
  });
  context.on("requestfinished", (request) => void inFlight.delete(request));
  return () => most;
}

/** Blocks those who await `passed` until it is opened. */
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

test("the access token is kept in memory only", async ({ page, people, context }) => {
  const response = page.waitForResponse("**/api/auth/login");
  await visit(page, people.user);
  const { accessToken } = await (await response).json();
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

  expect(kept).toMatchObject({ databases: [], caches: [], cookie: "", name: "" });
  expect(kept.local).toEqual({ "latchkey-session": expect.stringMatching(/^\d+$/) }); // a time
  expect(JSON.stringify(kept)).not.toContain(accessToken);
  expect(page.url()).not.toContain(accessToken);
  expect(await page.content()).not.toContain(accessToken);
  const [cookie] = await context.cookies(`${page.url().replace("/orders/", "")}/api/auth`);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/api/auth" });
});

test("the token is renewed before it expires, without a rejected request", async ({
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

test("concurrent requests share one renewal", async ({ page, people, context }) => {
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

test("a hidden tab renews once it is visible again", async ({ page, people, context }) => {
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

test("a renewal that finds another person signed in shows their data only", async ({
  page,
  context,
  people,
  service,
}) => {
  const other = await people.add("Olga Other");
  await page.clock.install();
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);

  // as if the other person had signed in on a page that does not tell other tabs
  await context.request.post(`${service.url}/api/auth/login`, { data: credentials(other) });
  await page.clock.fastForward("14:45");

  await expect(page.getByRole("banner")).toContainText("Olga Other");
  await expect(page.getByText("No orders yet")).toBeVisible();
  await expect(page.getByRole("table")).toBeHidden();
});

test("a request whose token is rejected is repeated with a new token", async ({
  page,
  people,
  context,
  complaints,
}) => {
  complaints.expect(/401.*\/api\/orders/);
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);

  await page.route("**/api/orders*", invalidateToken, { times: 1 });
  await page.getByRole("button", { name: "Show more" }).click();

  await expect(rows(page)).toHaveCount(40);
  expect(statuses).toEqual([200]);
});

test("ten tabs at once keep the session and refresh one after another", async ({
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

test("a refresh whose response is lost is retried at once and keeps the session", async ({
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

  // the service rotates the token, but the browser never gets the response
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
  expect(repeatedAt - lostAt).toBeLessThan(1_000); // the shortest pause before a later attempt
});

test("a refresh with a superseded token is retried with the newest one", async ({
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

test("a clock that is set back causes one renewal and no busy timers", async ({
  page,
  people,
  context,
}) => {
  await page.addInitScript(() => {
    const [now, set] = [Date.now, window.setTimeout];
    Object.assign(window, { shift: 0, timers: 0 });
    const read = (name: string) => Number(Reflect.get(window, name));
    Date.now = () => now() + read("shift");
    const counted = (work: () => void, delay?: number) => {
      Reflect.set(window, "timers", read("timers") + 1);
      return set(work, delay);
    };
    Object.assign(window, { setTimeout: counted });
  });
  await visit(page, people.user);
  await expect(rows(page)).toHaveCount(20);
  const statuses = refreshes(context);
  await page.evaluate(() => Reflect.set(window, "timers", 0));

  await page.evaluate((shift) => {
    Object.assign(window, { shift });
    document.dispatchEvent(new Event("visibilitychange"));
  }, -40 * 86_400_000);
  await page.waitForTimeout(2_000); // a busy timer fires hundreds of times

  expect(statuses).toEqual([200]);
  expect(await page.evaluate(() => Reflect.get(window, "timers"))).toBeLessThan(20);
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

test("signing in in one tab signs in the others as the same person", async ({
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

/** Counts how often a page asks to sign out. */
function signOuts(page: Page): () => number {
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/auth/logout")) sent += 1;
  });
  return () => sent;
}

const stillSignedIn = (page: Page) =>
  page.getByRole("alert").filter({ hasText: "You are still signed in" });

test("a sign-out whose request is lost is shown, and repeated by itself", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/ERR_.*\/api\/auth\/logout$/);
  await visit(page, people.user);
  const sent = signOuts(page);
  await page.route("**/api/auth/logout", (route) => route.abort());

  await page.getByRole("button", { name: "Sign out" }).click();

  await expect(stillSignedIn(page)).toContainText("We keep trying to sign you out.");
  await expect.poll(sent).toBeGreaterThan(1);
  await expect(stillSignedIn(page)).toBeVisible();
  await page.unroute("**/api/auth/logout");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a page that is closed right after a sign-out leaves no session behind", async ({
  page,
  context,
  people,
  service,
}) => {
  await visit(page, people.user);

  await service.paused(async () => {
    const sent = page.waitForRequest("**/api/auth/logout");
    await page.getByRole("button", { name: "Sign out" }).click();
    await sent;
    await page.close();
  });

  const tokens = async () =>
    (await context.cookies()).filter(({ name }) => name.endsWith("refresh_token"));
  await expect.poll(tokens).toEqual([]);
});

test("a person who stays after a failed sign-out is not signed out later", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/ERR_.*\/api\/auth\/logout$/);
  await page.clock.install();
  await visit(page, people.user);
  const sent = signOuts(page);
  await page.route("**/api/auth/logout", (route) => route.abort());
  await page.getByRole("button", { name: "Sign out" }).click();

  await page.getByRole("button", { name: "Stay signed in" }).click();
  await expect(stillSignedIn(page)).toBeHidden();
  await page.unroute("**/api/auth/logout");
  const before = sent();
  await page.clock.fastForward("02:00");
  await page.waitForTimeout(500);

  expect(sent()).toBe(before);
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a sign-out that the service refuses is repeated by hand only", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/500.*\/api\/auth\/logout$/);
  await page.clock.install();
  await visit(page, people.user);
  const sent = signOuts(page);
  await page.route("**/api/auth/logout", (route) => route.fulfill({ status: 500, json: {} }));
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(stillSignedIn(page)).toContainText("Something went wrong.");
  await page.clock.fastForward("02:00");
  await page.waitForTimeout(500);
  expect(sent()).toBe(1);

  await page.unroute("**/api/auth/logout");
  await page.getByRole("button", { name: "Try again" }).click();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a page of another network does not pass for the confirmation of a sign-out", async ({
  page,
  people,
}) => {
  await visit(page, people.user);
  await page.route("**/api/auth/logout", (route) => route.fulfill({ json: null }));

  await page.getByRole("button", { name: "Sign out" }).click();

  await expect(stillSignedIn(page)).toBeVisible();
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

test("a page kept for the back button holds no personal data", async ({ people, service }, {
  project,
}) => {
  const browser = await chromium.launch({
    ...project.use.launchOptions,
    executablePath: CHROMIUM, // the shell keeps no page
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
  await page.evaluate(() => history.back()); // page.goBack() waits for a load event that never occurs

  await expect(page).toHaveURL("/orders/");
  await expect(rows(page)).toHaveCount(20);
  const shown = await page.evaluate(() => Reflect.get(window, "shown"));
  expect(shown).toEqual({ persisted: true, rows: 0 });
  await browser.close();
});
