import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailTo } from "./mailbox";
import { type Person, signIn, visit } from "./person";
import type { Service } from "./service";

const NEW = "a kettle of another colour";

/** Waits for the newest mail with a link to a person, and returns the link. */
const linkTo = async (service: Service, { email }: Person): Promise<string> =>
  linkIn(await mailTo(service, email, "Set a new password"));

async function askFor(page: Page, person: Person): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: "Forgot password?" }).click();
  await expect(page).toHaveTitle("Forgot password · Latchkey");
  await page.getByLabel("Email").fill(`${person.email} `);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status").filter({ hasText: person.email })).toBeVisible();
}

/** Notes what a page requests of the service's API, and every address that it shows. */
function watch(page: Page): { calls: string[]; addresses: string[] } {
  const seen = { calls: [] as string[], addresses: [] as string[] };
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) seen.calls.push(pathname);
    seen.addresses.push(request.headers().referer ?? "");
  });
  return seen;
}

test("a person who has forgotten the password sets a new one by a link", async ({
  page,
  people,
  service,
}) => {
  const person = await people.add("Fred Forgetful");
  await askFor(page, person);
  const link = await linkTo(service, person);

  await page.goto(link);
  await expect(page.getByLabel("Email")).toHaveValue(person.email);
  await expect(page.getByLabel("New password")).toBeFocused();
  await page.getByLabel("New password").fill(NEW);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("Your password was set")).toBeVisible();
  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await signIn(page, { ...person, password: NEW });

  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
});

test("opening a link asks what it is for and does nothing else, and hides its token", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/400 .*\/api\/auth\/links\/read$/); // going back opens the page without a token
  const person = await people.add("Sam Scanned");
  await askFor(page, person);
  const link = await linkTo(service, person);
  const token = link.slice(link.indexOf("=") + 1);
  const seen = watch(page);

  await page.goto(link);
  await expect(page.getByLabel("New password")).toBeVisible();
  expect(new URL(page.url()).search).toBe("");
  for (const button of await page.getByRole("button").all()) await button.click();
  await expect(page.getByText("Enter a new password.")).toBeVisible();

  expect(seen.calls).toEqual(["/api/auth/links/read"]);
  expect(seen.addresses.join(" ")).not.toContain(token);
  await page.goto("/forgot/");
  await page.goBack();
  expect(page.url()).not.toContain(token);
});

test("a used link says so, and offers a new one", async ({ page, people, service, complaints }) => {
  complaints.expect(/4(00|10) .*\/api\/auth\/links\/read$/);
  const person = await people.add("Uri Used");
  await askFor(page, person);
  const link = await linkTo(service, person);
  await page.goto(link);
  await page.getByLabel("New password").fill(NEW);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("Your password was set")).toBeVisible();

  await page.goto("about:blank");
  await page.goto(link);

  await expect(page.getByText("This link was used already.")).toBeVisible();
  await page.getByRole("link", { name: "Ask for a new link" }).click();
  await expect(page.getByRole("button", { name: "Send the link" })).toBeVisible();
  const token = link.slice(link.indexOf("=") + 1);
  for (const go of [() => page.goBack(), () => page.goForward()]) {
    await go();
    expect(page.url()).not.toContain(token);
  }
});

test("a link that was cut says so", async ({ page, complaints }) => {
  complaints.expect(/400 .*\/api\/auth\/links\/read$/);

  await page.goto("/link/?t=Af0BAZ");

  await expect(page.getByText("This link isn’t complete")).toBeVisible();
});

test("a password that is rejected by a link is told at its field, and another is accepted", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/400 .*\/api\/auth\/password-resets\/complete$/);
  const person = await people.add("Wally Weak");
  await askFor(page, person);
  await page.goto(await linkTo(service, person));
  const password = page.getByLabel("New password");

  await password.fill("password1");
  await page.keyboard.press("Enter");
  await expect(password).toHaveAccessibleDescription(/^Password is one of the most common/);
  await password.fill(NEW);
  await page.keyboard.press("Enter");

  await expect(page.getByText("Your password was set")).toBeVisible();
});

test("password managers can tell the fields apart", async ({ page, people, service }) => {
  const person = await people.add("Manny Manager");
  await askFor(page, person);
  await page.goto(await linkTo(service, person));

  await expect(page.getByLabel("Email")).toHaveAttribute("autocomplete", "username");
  await expect(page.getByLabel("New password")).toHaveAttribute("autocomplete", "new-password");
  await visit(page, person, "/account/");
  await expect(page.getByLabel("Current password")).toHaveAttribute(
    "autocomplete",
    "current-password",
  );
  await expect(page.getByLabel("New password")).toHaveAttribute("autocomplete", "new-password");
});

test("a password manager's way to change the password leads there", async ({ page, people }) => {
  const person = await people.add("Willy Wellknown");

  await page.goto("/.well-known/change-password");
  await signIn(page, person);

  await expect(page.getByRole("heading", { name: "Change your password" })).toBeInViewport();
  expect(new URL(page.url()).pathname).toBe("/account/");
});

test("a person changes the password, stays signed in here, and is signed out elsewhere", async ({
  page,
  browser,
  people,
  service,
}) => {
  const person = await people.add("Cora Changing");
  const context = await browser.newContext({ baseURL: service.url });
  const other = await context.newPage();
  await visit(other, person);
  await visit(page, person, "/account/");
  const tab = await page.context().newPage();
  await tab.goto("/orders/");
  await expect(tab.getByRole("heading", { name: "Orders" })).toBeVisible();

  const devices = page.getByRole("rowheader");
  await expect(devices).toHaveCount(2);

  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill(NEW);
  await page.getByRole("button", { name: "Change the password" }).click();

  await expect(devices).toHaveCount(1);
  await expect(page.getByText(/^Your password was changed/)).toBeVisible();
  await expect(page.getByLabel("Current password")).toHaveValue("");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  await expect(tab.getByRole("heading", { name: "Orders" })).toBeVisible();
  await other.reload();
  await expect(
    other.getByText(/because your password or your second factors were changed/),
  ).toBeVisible();
  await context.close();
});

test("a wrong current password is told at its field, and the person stays signed in", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/403 .*\/api\/auth\/password$/);
  const person = await people.add("Rhonda Wrong");
  await visit(page, person, "/account/");

  await page.getByLabel("Current password").fill("not the password");
  await page.getByLabel("New password").fill(NEW);
  await page.getByRole("button", { name: "Change the password" }).click();

  const current = page.getByLabel("Current password");
  await expect(current).toHaveAccessibleDescription("That isn’t your current password.");
  await expect(current).toBeFocused();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
});
