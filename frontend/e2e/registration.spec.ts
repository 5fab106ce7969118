import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailTo } from "./mailbox";
import { type Person, signIn, visit } from "./person";

const PASSWORD = "a moth in relay 70";

const stranger = (name: string): Person => ({
  name,
  email: `${name.toLowerCase().replaceAll(" ", ".")}.${Date.now()}@example.com`,
  password: PASSWORD,
});

async function register(page: Page, email: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: "No account yet?" }).click();
  await expect(page).toHaveTitle("Create an account · Latchkey");
  await page.getByLabel("Email").fill(`${email} `);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status").filter({ hasText: email })).toBeVisible();
}

async function complete(page: Page, person: Person): Promise<void> {
  await expect(page.getByRole("heading", { name: "Create your account" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(person.email);
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page.getByText("Your account was created")).toBeVisible();
  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await signIn(page, person);
  await expect(page.getByRole("banner")).toContainText(person.name);
}

test("a person registers by a link in a mail, and signs in", async ({ page, service }) => {
  const person = stranger("Rita Registering");
  await register(page, person.email);

  await page.goto(linkIn(await mailTo(service, person.email, "Create your account")));

  await complete(page, person);
});

test("who has an account already is told so by mail alone", async ({ page, people, service }) => {
  const person = await people.add("Alma Already");

  await register(page, person.email);

  const text = await mailTo(service, person.email, "You already have an account");
  expect(text).not.toContain("/link/");
});

test("what is wrong is told at its field, and the link stays good", async ({
  page,
  service,
  complaints,
}) => {
  complaints.expect(/400 .*\/api\/auth\/registrations\/complete$/);
  const person = stranger("Wanda Wrong");
  await register(page, person.email);
  await page.goto(linkIn(await mailTo(service, person.email, "Create your account")));

  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(
    "Enter your name.",
  );
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("Password").fill("password1");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(
    /^Password is one of the most common/,
  );

  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your account was created")).toBeVisible();
});

test("an administrator invites a person, who creates the account", async ({
  page,
  people,
  service,
}) => {
  const person = stranger("Ines Invited");
  await visit(page, people.admin, "/users/");

  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Email").fill(person.email);
  await dialog.getByRole("button", { name: "Send the invitation" }).click();

  await expect(dialog).toBeHidden();
  await expect(page.getByText(`An invitation to ${person.email} is on its way.`)).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(linkIn(await mailTo(service, person.email, "You are invited")));
  await complete(page, person);
});

test("an administrator withdraws an invitation, whose link is over then", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/410 .*\/api\/auth\/links\/read$/);
  const person = stranger("Willa Withdrawn");
  await visit(page, people.admin, "/users/");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Email").fill(person.email);
  await page.getByLabel("Administrator").check();
  await page.getByRole("button", { name: "Send the invitation" }).click();
  const link = linkIn(await mailTo(service, person.email, "You are invited"));
  const row = page.getByRole("row", { name: person.email });
  await expect(row).toContainText("Administrator");

  await row.getByRole("button", { name: `Withdraw the invitation to ${person.email}` }).click();

  await expect(page.getByText(`The invitation to ${person.email} is withdrawn.`)).toBeVisible();
  await expect(page.getByRole("region", { name: "List of invitations" })).toBeFocused();
  await expect(row).toBeHidden();
  await page.goto(link);
  await expect(page.getByText("This link is no longer good.")).toBeVisible();
});

test("a user cannot be invited, which is told at the field", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/409 .*\/api\/admin\/invitations$/);
  const person = await people.add("Tess Taken");
  await visit(page, people.admin, "/users/");

  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill(person.email);
  await dialog.getByRole("button", { name: "Send the invitation" }).click();

  const email = dialog.getByLabel("Email");
  await expect(email).toHaveAccessibleDescription("Another user has this email.");
  await expect(email).toBeFocused();
});

test("where registration is closed, the page says so and offers nothing", async ({ page }) => {
  const features = { registration: "invitation", mail: true };
  await page.route("**/api/auth/features", (route) => route.fulfill({ json: features }));

  await page.goto("/register/");

  await expect(page.getByText("You can’t create an account here")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send the link" })).toBeHidden();
  await page.getByRole("link", { name: "Back to sign in" }).click();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});

test("a used link of a registration says so, and leads to a new one", async ({
  page,
  service,
  complaints,
}) => {
  complaints.expect(/410 .*\/api\/auth\/links\/read$/);
  const person = stranger("Uta Used");
  await register(page, person.email);
  const link = linkIn(await mailTo(service, person.email, "Create your account"));
  await page.goto(link);
  await complete(page, person);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(link);

  await expect(page.getByText("This link was used already.")).toBeVisible();
  await page.getByRole("link", { name: "Ask for a new link" }).click();
  await expect(page).toHaveTitle("Create an account · Latchkey");
});

test("a link works where somebody else is signed in, and says so", async ({
  page,
  people,
  service,
}) => {
  const person = stranger("Nina Next");
  await visit(page, people.user);
  await page.request.post("/api/auth/registrations", { data: { email: person.email } });

  await page.goto(linkIn(await mailTo(service, person.email, "Create your account")));
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create the account" }).click();

  await expect(page.getByRole("status")).toContainText("Somebody else is signed in here");
  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("banner")).toContainText(people.user.name);
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, person);
  await expect(page.getByRole("banner")).toContainText(person.name);
});
