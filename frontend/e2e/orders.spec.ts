import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

const PROBLEM = { code: "internal_error", title: "Internal error", requestId: "0123abcd" };

test("orders are listed newest first, page by page, to the last one", async ({ page, people }) => {
  await visit(page, people.user);
  const rows = page.getByRole("rowgroup").nth(1).getByRole("row");
  await expect(rows).toHaveCount(20);
  await expect(page.getByRole("status").last()).toHaveText("The newest 20 orders are shown.");

  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(40);
  await expect(rows.nth(20)).toBeFocused();
  await page.getByRole("button", { name: "Show more" }).click();

  await expect(rows).toHaveCount(48);
  await expect(rows.nth(40)).toBeFocused();
  await expect(page.getByRole("button", { name: "Show more" })).toBeHidden();
  await expect(page.getByText("All 48 orders are shown.")).toBeVisible();
  const shown = await rows.allInnerTexts();
  expect(new Set(shown).size).toBe(48);
});

test("a person without orders sees a message instead of a table", async ({ page, people }) => {
  await visit(page, await people.add("Nora New"));

  await expect(page.getByText("No orders yet")).toBeVisible();
  await expect(page.getByRole("table")).toBeHidden();
});

test("people see their own orders only", async ({ page, people }) => {
  await visit(page, people.user);
  const mine = page.getByRole("table");
  await expect(mine).toBeVisible();
  const order = (await mine.getByRole("rowheader").first().textContent())?.slice(-8) ?? "";
  expect(order).toMatch(/^[0-9A-F]{8}$/);

  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, people.admin);

  await expect(page.getByRole("table")).toBeVisible();
  await expect(page.getByText(order)).toBeHidden();
});

test.describe("in a German browser", () => {
  test.use({ locale: "de-DE" });

  test("amounts and dates are written the German way", async ({ page, people }) => {
    await visit(page, people.user);

    const row = page.getByRole("row", { name: "18,36\u00a0€" });
    await expect(row).toBeVisible();
    await expect(row.getByRole("rowheader")).toHaveText(/^\d{2}\.\d{2}\.\d{4}/);
  });
});

test("while orders are loading, the page shows it and tells screen readers", async ({
  page,
  people,
}) => {
  await page.route("**/api/orders*", async (route) => {
    await released;
    await route.continue();
  });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await visit(page, people.user);

  await expect(page.getByRole("status").filter({ hasText: "Loading orders" })).toBeAttached();
  await expect(page.getByRole("region", { name: "List of orders" })).toHaveAttribute(
    "aria-busy",
    "true",
  );

  release();
  await expect(page.getByRole("table")).toBeVisible();
  await expect(page.getByText("Loading orders")).toBeHidden();
});

test("an error shows what an administrator can look up, and can be retried", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/500.*\/api\/orders/);
  const broken = { status: 500, contentType: "application/problem+json", json: PROBLEM };
  await page.route("**/api/orders*", (route) => route.fulfill(broken));
  await visit(page, people.user);
  const alert = page.getByRole("alert").filter({ hasText: "Something went wrong" });
  await expect(alert).toContainText("0123abcd");

  await page.unroute("**/api/orders*");
  await page.getByRole("button", { name: "Try now" }).click();

  await expect(page.getByRole("table")).toBeVisible();
  await expect(alert).toBeHidden();
});

test("a request to a busy service is retried by itself after Retry-After", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/503.*\/api\/orders/);
  const busy = {
    status: 503,
    contentType: "application/problem+json",
    headers: { "Retry-After": "3" },
    json: { code: "storage_unavailable", title: "Storage unavailable" },
  };
  const sentAt: number[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/orders")) sentAt.push(Date.now());
  });
  await page.route("**/api/orders*", (route) => route.fulfill(busy), { times: 1 });
  await visit(page, people.user);

  await expect(page.getByText("It asks us to come back in 3 seconds.")).toBeVisible();
  await expect(page.getByRole("table")).toBeVisible();

  await expect(page.getByText("The service is busy")).toBeHidden();
  const [first = 0, second = 0] = sentAt;
  expect(second - first).toBeGreaterThanOrEqual(3_000);
});
