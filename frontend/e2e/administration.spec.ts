import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailTo } from "./mailbox";
import { type Person, visit } from "./person";

/** Opens the page Users as an administrator, and there the dialog of a person. */
async function manage(page: Page, admin: Person, person: Person) {
  await visit(page, admin, "/users/");
  await page.getByRole("button", { name: person.name }).click();
  const dialog = page.getByRole("dialog", { name: person.name });
  await expect(dialog).toContainText(person.email);
  return dialog;
}

test("an administrator disables a user, and enables them again", async ({
  page,
  browser,
  people,
  service,
  complaints,
}) => {
  const person = await people.add("Dina Disabled");
  const elsewhere = await browser.newContext({ baseURL: service.url });
  const theirs = await elsewhere.newPage();
  await visit(theirs, person);
  const dialog = await manage(page, people.admin, person);
  await expect(dialog).toContainText("can sign in");

  await dialog.getByRole("button", { name: "Disable" }).click();

  await expect(dialog).toContainText("User, disabled");
  await expect(dialog.getByRole("status").first()).toContainText("The user gets a mail about it.");
  await theirs.reload();
  await expect(theirs.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await mailTo(service, person.email, "Your account was disabled");

  await dialog.getByRole("button", { name: "Enable" }).click();
  await expect(dialog).toContainText("User, can sign in");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: person.name })).toBeFocused();
  complaints.expect(/401 /);
  await elsewhere.close();
});

test("an administrator changes a role, which the list shows", async ({ page, people }) => {
  const person = await people.add("Rosa Raised");
  const dialog = await manage(page, people.admin, person);

  await dialog.getByRole("button", { name: "Make an administrator" }).click();

  await expect(dialog).toContainText("Administrator, can sign in");
  await dialog.getByRole("button", { name: "Make a user" }).click();
  await expect(dialog).toContainText("User, can sign in");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("row", { name: person.email })).toContainText("User");
});

test("an administrator signs a user out, and sends a link for a new password", async ({
  page,
  browser,
  people,
  service,
}) => {
  const person = await people.add("Sia Session");
  const elsewhere = await browser.newContext({ baseURL: service.url });
  await visit(await elsewhere.newPage(), person);
  const dialog = await manage(page, people.admin, person);
  await expect(dialog.getByRole("row")).toHaveCount(2);
  await expect(dialog.getByRole("row").last()).toContainText("signed in with the password");

  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();

  await expect(dialog).toContainText("Signed in nowhere");
  await mailTo(service, person.email, "You were signed out by an administrator");
  await dialog.getByRole("button", { name: "Send a new password link" }).click();
  await expect(dialog).toContainText("A link for a new password is on its way.");
  await page.goto(linkIn(await mailTo(service, person.email, "Set a new password")));
  await expect(page.getByRole("button", { name: "Set the password" })).toBeVisible();
  await elsewhere.close();
});

test("the last administrator stays one, which is told", async ({ page, people, complaints }) => {
  complaints.expect(/409 .*\/api\/admin\/users\//);
  await page.route(/\/api\/admin\/users\/[0-9a-f-]+$/, async (route) => {
    if (route.request().method() === "GET") return route.fallback();
    const code = "last_admin";
    const problem = { type: `/problems/${code}`, title: "", status: 409, detail: "", code };
    await route.fulfill({ status: 409, contentType: "application/problem+json", json: problem });
  });
  const person = await people.add("Lara Last", "ADMIN");
  const dialog = await manage(page, people.admin, person);

  await dialog.getByRole("button", { name: "Disable" }).click();

  await expect(dialog).toContainText("This is the last administrator.");
  await expect(dialog).toContainText("Administrator, can sign in");
});

test("the audit log shows what happened to one user, and only some of it if asked", async ({
  page,
  people,
}) => {
  const person = await people.add("Aida Audited");
  const dialog = await manage(page, people.admin, person);
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(dialog).toContainText("User, disabled");

  await dialog.getByRole("link", { name: "Audit log" }).click();

  await expect(page).toHaveTitle("Audit log · Latchkey");
  const rows = page.getByRole("row");
  await expect(rows.filter({ hasText: "User disabled" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "User created" })).toHaveCount(1);
  await page.getByLabel("Events", { exact: true }).selectOption("User disabled");
  await expect(rows).toHaveCount(2);
  await page.getByRole("link", { name: "Show all users" }).click();
  await expect(rows.filter({ hasText: "Signed in" }).first()).toBeVisible();
});

test("a test mail is sent, and an address that is none is told at its field", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/400 .*\/api\/admin\/mails\/test$/);
  const email = `testing.${Date.now()}@example.com`;
  await visit(page, people.admin, "/mails/");
  await expect(page.getByText("No mail was given up")).toBeVisible();
  await page.getByLabel("Email").fill("no address");
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/^Email must /);

  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send a test mail" }).click();

  await expect(page.getByText(`A test mail to ${email} is on its way.`)).toBeVisible();
  await mailTo(service, email, "A test mail from Latchkey");
});

test("a mail that was given up says why", async ({ page, people }) => {
  await page.route("**/api/admin/mails?status=failed*", (route) => {
    const id = "01956054-4d20-7d3a-9c41-7e8f90a1b2c3";
    const mail = { id, kind: "password_changed", to: "ada@example.com", userId: null, attempts: 1 };
    const items = [{ ...mail, nextAttemptAt: null, failure: "550 5.1.1" }];
    return route.fulfill({ json: { items, nextCursor: null } });
  });
  await visit(page, people.admin, "/mails/");

  const row = page.getByRole("row", { name: "ada@example.com" });
  await expect(row).toContainText("Password changed");
  await expect(row).toContainText("Given up: 550 5.1.1");
});

for (const [path, title] of [
  ["/audit/", "Audit log"],
  ["/mails/", "Mails"],
] as const) {
  test(`the page ${title} is for administrators only`, async ({ page, people }) => {
    await visit(page, people.user, path);

    await expect(page.getByText("For administrators only")).toBeVisible();
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await expect(page.getByRole("link", { name: title })).toBeHidden();
  });
}

test("an administrator finds a user by the beginning of the address", async ({ page, people }) => {
  const person = await people.add("Fritzi Found");
  await visit(page, people.admin, "/users/");
  const rows = page.getByRole("region", { name: "List of users" }).getByRole("row");
  await expect(rows.filter({ hasText: people.user.email })).toHaveCount(1);

  await page.getByLabel("Find users").fill("FRITZI.F");

  await expect(rows.filter({ hasText: person.email })).toHaveCount(1);
  await expect(rows.filter({ hasText: people.user.email })).toHaveCount(0);
  await page.getByLabel("Find users").fill("nobody at all");
  await expect(page.getByText("Nobody found")).toBeVisible();
  await page.getByLabel("Find users").fill("");
  await expect(rows.filter({ hasText: people.user.email })).toHaveCount(1);
});

test("a role and a status leave only such users", async ({ page, people, service }) => {
  const email = `heidi.${Date.now()}@example.com`;
  await service.latchkey(
    ["create-admin", "--email", email, "--name", "Heidi Filter", "--password-stdin"],
    "a mountain and 3 goats\n",
  );
  await service.latchkey(["disable-user", email]);
  await visit(page, people.admin, "/users/");
  const heidi = page.getByRole("row", { name: email });
  await expect(heidi).toBeVisible();

  await page.getByLabel("Role").selectOption("User");
  await expect(heidi).toBeHidden();
  await page.getByLabel("Role").selectOption("Administrator");
  await page.getByLabel("Status").selectOption("Can sign in");
  await expect(page.getByRole("row", { name: people.admin.email })).toBeVisible();
  await expect(heidi).toBeHidden();
  await page.getByLabel("Status").selectOption("Disabled");
  await expect(heidi).toBeVisible();
});
