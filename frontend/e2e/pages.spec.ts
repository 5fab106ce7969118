import { expectGood, overflow, WINDOWS } from "./accessibility";
import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

for (const [device, viewport] of WINDOWS) {
  test.describe(`on a ${device}`, () => {
    test.use({ viewport });

    test("all pages, dialogs and messages are accessible and fit their window", async ({
      page,
      people,
      complaints,
    }) => {
      test.setTimeout(120_000); // on a busy machine
      complaints.expect(/(400|404) |ERR_FAILED/);
      await page.goto("/");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid");
      await expectGood(page);

      const admin = await people.add("Wolfeschlegelsteinhausenbergerdorff", "ADMIN");
      await visit(page, admin);
      await expect(page.getByText("No orders yet")).toBeVisible();
      await page.getByRole("link", { name: "Users" }).click();
      await expect(page.getByRole("row").nth(1)).toBeVisible();
      await expectGood(page);

      await page.getByRole("button", { name: "Add user" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Add user" }).click();
      await expect(page.getByLabel("Name")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      expect(await overflow(page.getByRole("dialog"))).toBe(0);
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

      await page.getByRole("button", { name: "Invite", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send the invitation" }).click();
      await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      expect(await overflow(page.getByRole("dialog"))).toBe(0);
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

      const id = "01956054-4d20-7a02-b1c3-5d6e7f809a1b";
      const invited = { id, email: admin.email, role: "ADMIN", expiresAt: "2026-03-01" };
      await page.route("**/api/admin/invitations*", (route) =>
        route.fulfill({ json: { items: [invited], nextCursor: null } }),
      );
      await page.reload();
      await expect(page.getByRole("button", { name: "Withdraw" })).toBeVisible();
      await expectGood(page);

      const row = page.getByRole("row", { name: admin.email });
      await row.first().getByRole("button", { name: admin.name }).click();
      await expect(page.getByRole("button", { name: "Sign out everywhere" })).toBeVisible();
      await expectGood(page);
      expect(await overflow(page.getByRole("dialog"))).toBe(0);
      await page.getByRole("link", { name: "Audit log" }).last().click();
      await expect(page.getByRole("row").nth(1)).toBeVisible();
      await expectGood(page);

      await page.getByRole("link", { name: "Mails" }).click();
      await page.getByRole("button", { name: "Send a test mail" }).click();
      await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid");
      await expectGood(page);

      await page.getByRole("link", { name: "Account" }).click();
      await expect(page.getByText("This browser")).toBeVisible();
      await page.getByRole("button", { name: "Change the password" }).click();
      await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid");
      await expectGood(page);

      await page.getByRole("button", { name: "Change the address" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByLabel("New address")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      expect(await overflow(page.getByRole("dialog"))).toBe(0);
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Delete the account" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectGood(page);
      expect(await overflow(page.getByRole("dialog"))).toBe(0);
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

      await page.route("**/api/auth/logout", (route) => route.abort());
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page.getByText("You are still signed in")).toBeVisible();
      await expectGood(page);
      await page.unroute("**/api/auth/logout");
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

      await page.route("**/api/auth/login", (route) => route.abort());
      await signIn(page, people.user);
      await expect(page.getByText("Can’t reach the service")).toBeVisible();
      await expectGood(page);
      await page.unroute("**/api/auth/login");

      await signIn(page, people.user);
      await expect(page.getByRole("table")).toBeVisible();
      await expectGood(page);

      await page.route("**/api/orders*", (route) => route.abort());
      await page.getByRole("button", { name: "Show more" }).click();
      await expect(page.getByText("Can’t reach the service")).toBeVisible();
      await expectGood(page);

      await page.route("**/api/auth/refresh", (route) => route.abort());
      await page.reload();
      await expect(page.getByText("Can’t reach the service")).toBeVisible();
      await expectGood(page);

      await page.goto("/forgot/");
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      const stranger = `${"wolfeschlegelsteinhausen".repeat(2)}${Date.now()}@example.com`;
      await page.getByLabel("Email").fill(stranger);
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByRole("button", { name: "Ask again" })).toBeVisible();
      await expectGood(page);

      await page.goto("/register/");
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid");
      await expectGood(page);

      const link = { kind: "password_reset", email: admin.email, expiresAt: "2026-03-01" };
      await page.route("**/api/auth/links/read", (route) => route.fulfill({ json: link }));
      await page.goto("/link/?t=x");
      await page.getByRole("button", { name: "Set the password" }).click();
      await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      await page.unroute("**/api/auth/links/read");
      const registration = { ...link, kind: "registration" };
      await page.route("**/api/auth/links/read", (route) => route.fulfill({ json: registration }));
      await page.goto("/link/?t=x");
      await page.getByRole("button", { name: "Create the account" }).click();
      await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      await page.unroute("**/api/auth/links/read");
      const change = { ...link, kind: "email_change" };
      await page.route("**/api/auth/links/read", (route) => route.fulfill({ json: change }));
      await page.goto("/link/?t=x");
      await page.getByRole("button", { name: "Confirm the address" }).click();
      await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      await page.unroute("**/api/auth/links/read");
      await page.goto("/link/");
      await expect(page.getByText("This link isn’t complete")).toBeVisible();
      await expectGood(page);

      await page.goto("/nowhere");
      await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
      await expectGood(page);
    });
  });
}

test("an unknown page is a 404 with a title and a link to the orders", async ({
  page,
  complaints,
}) => {
  complaints.expect(/404.*\/nowhere$/);
  const response = await page.goto("/nowhere");

  expect(response?.status()).toBe(404);
  await expect(page).toHaveTitle("Page not found · Latchkey");
  await page.getByRole("link", { name: "Go to your orders" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the keyboard can skip to the content", async ({ page, people }) => {
  await visit(page, people.user);
  await page.reload();
  const more = page.getByRole("button", { name: "Show more" });
  await expect(more).toBeVisible();

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");

  await expect(more).toBeFocused();
});

test("a foreign script does not run", async ({ page, complaints }) => {
  complaints.expect(/Content Security Policy/);
  await page.goto("/");

  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.foreign = true";
    document.body.append(script);
    return "foreign" in window;
  });

  expect(ran).toBe(false);
});

test("unknown API paths are problems, not pages", async ({ request }) => {
  const unknown = await request.get("/api/nowhere");

  expect(unknown.status()).toBe(404);
  expect(unknown.headers()["content-type"]).toBe("application/problem+json");
});
