import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

const UNREACHABLE = "Can’t reach the service";

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
  await expect(page.getByText(UNREACHABLE)).toBeVisible();
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
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByText(UNREACHABLE)).toHaveCount(1);
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.clock.fastForward("00:40"); // longer than the longest pause between attempts
    await page.waitForTimeout(300);
  }
  await expect(page.getByText(UNREACHABLE)).toHaveCount(1);
  await expect(page.getByRole("row")).toHaveCount(21);
  await service.start();
  await page.getByRole("button", { name: "Try now" }).click();

  await expect(page.getByRole("row")).toHaveCount(41, { timeout: 8_000 });
  await expect(page.getByText(UNREACHABLE)).toBeHidden();
});

test("signing in during an outage shows it, and can be retried", async ({
  page,
  people,
  service,
}) => {
  await page.goto("/sign-in/");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await service.stop();
  await signIn(page, people.user);
  await expect(page.getByRole("alert").filter({ hasText: UNREACHABLE })).toBeVisible();
  await service.start();
  await page.getByRole("button", { name: "Sign in" }).click();

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a page that cannot restore the session says so and keeps trying", async ({
  page,
  people,
}) => {
  await visit(page, people.user);
  await page.route("**/api/auth/refresh", (route) => route.abort());
  await page.reload();
  await expect(page.getByText(UNREACHABLE)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeHidden();

  await page.unroute("**/api/auth/refresh");

  await expect(page.getByRole("row")).toHaveCount(21);
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
