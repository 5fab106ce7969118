import { expect, test } from "./fixtures";
import { invalidateToken, signIn, visit } from "./person";

test("an administrator adds a user, who can then sign in", async ({ page, people }) => {
  const added = {
    name: "Grace Hopper",
    email: `grace.${Date.now()}@example.com`,
    password: "a moth in relay 70",
  };
  await visit(page, people.admin, "/users/");

  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a user" });
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await dialog.getByLabel("Name").fill(added.name);
  await dialog.getByLabel("Email").fill(added.email);
  await dialog.getByLabel("Password").fill(added.password);
  await dialog.getByRole("button", { name: "Add user" }).click();

  await expect(dialog).toBeHidden();
  await expect(page.getByText("Grace Hopper can sign in now.")).toBeVisible();
  await expect(page.getByRole("row", { name: added.email })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add user" })).toBeFocused();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, added);
  await expect(page.getByRole("banner")).toContainText("Grace Hopper");
});

test("errors of a new user are shown at their fields", async ({ page, people, complaints }) => {
  complaints.expect(/400.*\/api\/admin\/users$/);
  await visit(page, people.admin, "/users/");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Ok");
  await dialog.getByLabel("Email").fill("no address");
  await dialog.getByLabel("Password").fill("short");

  await dialog.getByRole("button", { name: "Add user" }).click();

  const email = dialog.getByLabel("Email");
  await expect(email).toHaveAccessibleDescription(/^Email must /);
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toBeFocused();
  await expect(dialog.getByLabel("Password")).toHaveAccessibleDescription(
    "Password must have 8 to 128 characters.",
  );
  await expect(dialog.getByLabel("Name")).not.toHaveAttribute("aria-invalid");
});

test("a form with empty fields is not sent", async ({ page, people }) => {
  await visit(page, people.admin, "/users/");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.method()));
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");

  await dialog.getByRole("button", { name: "Add user" }).click();

  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription("Enter a name.");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByLabel("Email")).toHaveAccessibleDescription("Enter an email address.");
  await expect(dialog.getByLabel("Password")).toHaveAccessibleDescription("Enter a password.");
  expect(sent).not.toContain("POST");
});

test("a name of three blanks is told what it lacks", async ({ page, people, complaints }) => {
  complaints.expect(/400.*\/api\/admin\/users$/);
  await visit(page, people.admin, "/users/");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("   ");
  await dialog.getByLabel("Email").fill("blank@example.com");
  await dialog.getByLabel("Password").fill("correct horse battery");

  await dialog.getByRole("button", { name: "Add user" }).click();

  const name = dialog.getByLabel("Name");
  await expect(name).toHaveAccessibleDescription("Name must have a visible character.");
  await expect(name).toBeFocused();
});

test("an address that is taken is an error of the email field", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/409.*\/api\/admin\/users$/);
  await visit(page, people.admin, "/users/");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Somebody Else");
  await dialog.getByLabel("Email").fill(people.user.email.toUpperCase());
  await dialog.getByLabel("Password").fill("correct horse battery");

  await dialog.getByRole("button", { name: "Add user" }).click();

  const email = dialog.getByLabel("Email");
  await expect(email).toHaveAccessibleDescription("Another user has this email.");
  await expect(email).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("a user who is no administrator sees neither the link to the users nor the list", async ({
  page,
  people,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await visit(page, people.user, "/users/");

  await expect(page.getByText("For administrators only")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Orders" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Users" })).toBeHidden();
  expect(asked).not.toContain("/api/admin/users");
});

test("a form whose token is rejected is sent again unchanged", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/401.*\/api\/admin\/users$/);
  await visit(page, people.admin, "/users/");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Rosalind Resent");
  await dialog.getByLabel("Email").fill(`rosalind.${Date.now()}@example.com`);
  await dialog.getByLabel("Password").fill("correct horse battery");
  await page.route("**/api/admin/users", invalidateToken, { times: 1 });

  await dialog.getByRole("button", { name: "Add user" }).click();

  await expect(page.getByText("Rosalind Resent can sign in now.")).toBeVisible();
});

test("the next request notices that the role has changed", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/401.*\/api\/admin\/users/);
  const person = await people.add("Dora Demoted", "ADMIN");
  await visit(page, person, "/users/");
  await expect(page.getByRole("table")).toBeVisible();

  await service.latchkey(["set-role", person.email, "USER"]);
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Too Late");
  await dialog.getByLabel("Email").fill("late@example.com");
  await dialog.getByLabel("Password").fill("correct horse battery");
  complaints.expect(/403.*\/api\/admin\/users/);
  await dialog.getByRole("button", { name: "Add user" }).click();

  await expect(page.getByText("For administrators only")).toBeVisible();
  await expect(page.getByRole("link", { name: "Users" })).toBeHidden();
  await expect(page.getByRole("banner").getByText("User", { exact: true })).toBeVisible();
});
