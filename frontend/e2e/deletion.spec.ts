import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { mailTo } from "./mailbox";
import { signIn, visit } from "./person";

/** Opens the dialog that deletes the account, and enters a password. */
async function confirm(page: Page, password: string): Promise<void> {
  await page.getByRole("button", { name: "Delete the account" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await expect(dialog.getByLabel("Current password")).toBeFocused();
  await dialog.getByLabel("Current password").fill(password);
  await dialog.getByRole("button", { name: "Delete it for good" }).click();
}

test("a person deletes the account, is signed out everywhere, and cannot come back", async ({
  page,
  people,
  service,
  context,
  complaints,
}) => {
  complaints.expect(/401 .*\/api\/auth\/(refresh|login)$/);
  const person = await people.add("Gus Going");
  await visit(page, person, "/account/");
  const tab = await context.newPage();
  await tab.goto("/orders/");
  await expect(tab.getByRole("heading", { name: "Orders" })).toBeVisible();

  await confirm(page, person.password);

  await expect(page.getByText(/because your account was deleted/)).toBeVisible();
  await expect(tab.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  const cookies = await context.cookies(`${service.url}/api/auth`);
  expect(cookies.map(({ name }) => name)).not.toContain("refresh_token");
  await mailTo(service, person.email, "Your account was deleted");
  await signIn(page, person);
  await expect(page.getByText("That didn’t work")).toBeVisible();
});

test("a wrong password deletes nothing, and a person can think again", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/403 .*\/api\/auth\/account\/delete$/);
  const person = await people.add("Tom Thinking");
  await visit(page, person, "/account/");

  await confirm(page, "not the password");

  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Current password")).toHaveAccessibleDescription(
    "That isn’t your current password.",
  );
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("the only administrator is told so", async ({ page, people, complaints }) => {
  complaints.expect(/409 .*\/api\/auth\/account\/delete$/);
  const person = await people.add("Lars Last", "ADMIN");
  const problem = { title: "Last administrator", status: 409, detail: "-", code: "last_admin" };
  await page.route("**/api/auth/account/delete", (route) =>
    route.fulfill({ status: 409, contentType: "application/problem+json", json: problem }),
  );
  await visit(page, person, "/account/");

  await confirm(page, person.password);

  await expect(page.getByRole("alert").filter({ hasText: "last administrator" })).toBeVisible();
});
