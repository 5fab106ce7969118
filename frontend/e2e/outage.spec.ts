import { expect, test } from "./fixtures";
import { signIn, TokenHolder, visit } from "./person";

const UNREACHABLE = "Can’t reach the service";

test.describe.configure({ timeout: 120_000 }); // a page that waits for a slow start tries seldom

test.beforeEach(({ complaints }) => complaints.expect(/ERR_(CONNECTION|EMPTY|SOCKET|FAILED)/));

test("an outage is shown, and the failed request succeeds once the service is back", async ({
  page,
  people,
  service,
}) => {
  await visit(page, people.user);
  await expect(page.getByRole("row")).toHaveCount(21);

  await service.stop();
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByText(UNREACHABLE)).toBeInViewport();
  await expect(page.getByRole("button", { name: "Try now" })).toBeInViewport();
  await expect(page.getByRole("row")).toHaveCount(21);
  await service.start();

  await expect(page.getByRole("row")).toHaveCount(41, { timeout: 45_000 });
  await expect(page.getByText(UNREACHABLE)).toBeHidden();
});

test("a renewal that fails in an outage keeps the session, and the waiting request succeeds later", async ({
  page,
  people,
  service,
}) => {
  await page.clock.install();
  await visit(page, people.user);
  await expect(page.getByRole("row")).toHaveCount(21);

  await service.stop();
  await page.clock.fastForward("16:00");
  const list = page.getByRole("region", { name: "List of orders" });
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(list.getByText(UNREACHABLE)).toBeInViewport();
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.clock.fastForward("00:40"); // longer than the longest pause between attempts
    await page.waitForTimeout(300);
  }
  await expect(page.getByRole("main").getByText(UNREACHABLE)).toHaveCount(2); // page and list
  await expect(page.getByRole("row")).toHaveCount(21);
  await service.start();
  await list.getByRole("button", { name: "Try now" }).click();

  await expect(page.getByRole("row")).toHaveCount(41, { timeout: 8_000 });
  await expect(page.getByText(UNREACHABLE)).toBeHidden();
});

test("signing in during an outage shows it, and can be retried", async ({
  page,
  people,
  service,
}) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await service.stop();
  await signIn(page, people.user);
  await expect(page.getByRole("alert").filter({ hasText: UNREACHABLE })).toBeVisible();
  await service.start();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

const page200 = { contentType: "text/html", body: "<h1>Welcome to our hotel</h1>" };

for (const [what, answer, words] of [
  ["no response", null, UNREACHABLE],
  ["null", { json: null }, UNREACHABLE],
  ["a page of another network", page200, UNREACHABLE],
  ["a proxy's page", { ...page200, status: 503 }, "The service is busy"],
] as const) {
  test(`a page whose session is answered with ${what} says so and keeps trying`, async ({
    page,
    people,
    complaints,
  }) => {
    complaints.expect(/503.*\/api\/auth\/refresh$/);
    await visit(page, people.user);
    await page.route("**/api/auth/refresh", (route) =>
      answer ? route.fulfill(answer) : route.abort(),
    );
    await page.reload();
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeHidden();

    await page.unroute("**/api/auth/refresh");

    await expect(page.getByRole("row")).toHaveCount(21);
  });
}

test("a Retry-After of more than a timer can count is not a storm of requests", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/503.*\/api\/auth\/refresh$/);
  await visit(page, people.user);
  let refreshes = 0;
  await page.route("**/api/auth/refresh", (route) => {
    refreshes += 1;
    return route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      headers: { "Retry-After": "3000000" },
      json: { code: "storage_unavailable", title: "Not now" },
    });
  });

  await page.reload();
  await expect(page.getByText("It asks us to come back in 35 days.")).toBeVisible();
  await page.waitForTimeout(1_000); // a timer that wraps fires dozens of times

  expect(refreshes).toBe(1);
});

test("while the service has asked to wait, only a person's click asks it", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/503.*\/api\/auth\/refresh$/);
  await page.clock.install();
  await visit(page, people.user);
  await expect(page.getByRole("row")).toHaveCount(21);
  let refreshes = 0;
  await page.route("**/api/auth/refresh", (route) => {
    refreshes += 1;
    return route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      headers: { "Retry-After": "3600" },
      json: { code: "storage_unavailable", title: "Not now" },
    });
  });
  await page.clock.fastForward("16:00");
  await expect(page.getByText("It asks us to come back in 60 minutes.")).toBeVisible();

  await page.getByRole("button", { name: "Show more" }).click();
  const list = page.getByRole("region", { name: "List of orders" });
  await expect(list.getByText("The service is busy")).toBeVisible();
  await page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new Event("online"));
  });
  await page.clock.fastForward("30:00");
  await page.waitForTimeout(500);
  expect(refreshes).toBe(1);

  await page.unroute("**/api/auth/refresh");
  await list.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("row")).toHaveCount(41);
  await expect(page.getByText("The service is busy")).toBeHidden();
});

test("a browser that is online again renews at once", async ({
  page,
  context,
  people,
  complaints,
}) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED/);
  await page.clock.install();
  await visit(page, people.user);
  await expect(page.getByRole("row")).toHaveCount(21);
  await context.setOffline(true);
  await page.clock.fastForward("16:00");
  await expect(page.getByText(UNREACHABLE)).toBeVisible();
  await page.clock.pauseAt(Date.now() + 3_600_000); // from now on, no timer fires
  await page.waitForTimeout(500);
  await expect(page.getByText(UNREACHABLE)).toBeVisible();

  await context.setOffline(false);

  await expect(page.getByText(UNREACHABLE)).toBeHidden();
});

test("a renewal that the service postpones is shown, and keeps the session", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/(429|503).*\/api\/auth\/refresh$/);
  await visit(page, people.user);
  for (const status of [429, 503]) {
    await page.route(
      "**/api/auth/refresh",
      (route) =>
        route.fulfill({
          status,
          contentType: "application/problem+json",
          headers: { "Retry-After": "2" },
          json: { code: "storage_unavailable", title: "Not now" },
        }),
      { times: 1 },
    );
    await page.reload();

    await expect(page.getByText(/in 2 seconds\.$/)).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(21);
  }
});

test("a sign-out in an outage says so, and is repeated until the session has ended", async ({
  page,
  context,
  people,
  service,
}) => {
  await visit(page, people.user);
  const holder = await TokenHolder.of(context, service);

  await service.stop();
  await page.getByRole("button", { name: "Sign out" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "You are still signed in" });
  await expect(alert).toContainText(UNREACHABLE);
  await expect(alert.getByRole("button", { name: "Try again" })).toBeInViewport();
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
  await service.start();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 45_000 });
  expect((await holder.post("/api/auth/refresh")).status()).toBe(401);
});
