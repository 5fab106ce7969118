import { request } from "@playwright/test";
import { expect, test } from "./fixtures";
import { signIn } from "./person";

test("a visitor is asked to sign in, and then sees the page that they wanted", async ({
  page,
  people,
}) => {
  await page.goto("/users/");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page).toHaveTitle("Sign in · Latchkey");
  await expect(page.getByLabel("Email")).toBeFocused();
  await expect(page.getByText(/signed out/)).toBeHidden();

  await signIn(page, people.admin);

  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  await expect(page).toHaveTitle("Users · Latchkey");
  await expect(page.getByRole("banner")).toContainText("Ada Admin");
  await expect(page.getByRole("banner")).toContainText("Administrator");
  await expect(page.getByRole("main")).toBeFocused();
});

test("signing in works with the keyboard alone", async ({ page, people }) => {
  await page.goto("/");
  await expect(page.getByLabel("Email")).toBeFocused();

  await page.keyboard.type(people.user.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(people.user.password);
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("a wrong password and an unknown email get the same message", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/401.*\/api\/auth\/login$/);
  await page.goto("/");
  for (const email of [people.user.email, "nobody@example.com"]) {
    await signIn(page, { ...people.user, email, password: "not the password" });

    const alert = page.getByRole("alert").filter({ hasText: "That didn’t work" });
    await expect(alert).toContainText("The email and password don’t belong together.");
    await expect(page.getByLabel("Email")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toBeFocused();
    await page.reload();
  }
});

test("after too many attempts the page says how long to wait", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/429.*\/api\/auth\/login$/);
  const person = await people.add("Theo Throttled");
  const api = await request.newContext({ baseURL: service.url });
  const wrong = { email: person.email, password: "not the password" };
  for (let tries = 0; tries < 10; tries++) {
    expect((await api.post("/api/auth/login", { data: wrong })).status()).toBe(401);
  }
  await page.goto("/");

  await signIn(page, person);

  await expect(page.getByText(/^Try again in \d+ (seconds?|minutes?)\.$/)).toBeVisible();
});

test("a password can be shown while it is typed", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Password").fill("correct horse");
  await expect(page.getByLabel("Password")).toHaveAttribute("type", "password");

  await page.getByRole("button", { name: "Show password" }).click();

  await expect(page.getByLabel("Password")).toHaveAttribute("type", "text");
});

test("a form with empty fields is not sent", async ({ page, people }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(new URL(request.url()).pathname));
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  const [email, password] = [page.getByLabel("Email"), page.getByLabel("Password")];
  await expect(email).toHaveAccessibleDescription("Enter your email.");
  await expect(email).toBeFocused();
  await expect(password).toHaveAccessibleDescription("Enter your password.");

  await email.fill(people.user.email);
  await page.keyboard.press("Enter");
  await expect(password).toBeFocused();
  await expect(email).not.toHaveAttribute("aria-invalid");
  expect(sent).not.toContain("/api/auth/login");

  await password.fill(people.user.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("an email with the blank of a phone's keyboard signs in", async ({ page, people }) => {
  await page.goto("/");
  await expect(page.getByLabel("Email")).toHaveAttribute("inputmode", "email");
  const login = page.waitForRequest("**/api/auth/login");

  await signIn(page, { ...people.user, email: `${people.user.email} ` });

  expect((await login).postDataJSON()).toMatchObject({ email: people.user.email });
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});
