import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailTo } from "./mailbox";
import { type Person, signIn, visit } from "./person";
import type { Service } from "./service";

const LINK = "Confirm your new address";

const another = (name: string) => `${name}.${Date.now()}@example.org`;

/** Asks for another address in the dialog of the page Account. */
async function askFor(page: Page, email: string, password: string): Promise<void> {
  await page.getByRole("button", { name: "Change the address" }).click();
  const dialog = page.getByRole("dialog", { name: "Change your address" });
  await expect(dialog.getByLabel("New address")).toBeFocused();
  await dialog.getByLabel("New address").fill(`${email} `);
  await dialog.getByLabel("Current password").fill(password);
  await dialog.getByRole("button", { name: "Send the link" }).click();
}

/** Asks for another address, and returns the link that was sent to it. */
async function linkTo(page: Page, service: Service, person: Person, email: string) {
  await visit(page, person, "/account/");
  await askFor(page, email, person.password);
  await expect(page.getByText(`A mail to ${email} is on its way.`)).toBeVisible();
  return linkIn(await mailTo(service, email, LINK));
}

const address = (page: Page) => page.getByRole("region", { name: "Your address" });

test("a person changes the address by a link, and stays signed in", async ({
  page,
  people,
  service,
}) => {
  const person = await people.add("Addy Addressed");
  const email = another("addy");
  const link = await linkTo(page, service, person, email);
  await expect(address(page)).toContainText(`It becomes ${email}`);
  expect(await mailTo(service, person.email, "Another address for your account")).not.toContain(
    "/link/",
  );

  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Confirm your new address" })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(email);
  await expect(page.getByLabel("Password")).toBeFocused();
  expect(new URL(page.url()).search).toBe("");
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Confirm the address" }).click();
  await expect(page.getByText("Your address was changed")).toBeVisible();

  await page.getByRole("link", { name: "Go to Latchkey" }).click();
  await expect(page.getByRole("banner")).toContainText(person.name);
  await page.getByRole("link", { name: "Account" }).click();
  await expect(address(page)).toContainText(email);
  await expect(address(page)).not.toContainText("It becomes");
  await mailTo(service, person.email, "The address of your account was changed");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await signIn(page, { ...person, email });
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("who asks for another person’s address learns nothing, and that person does", async ({
  page,
  people,
  service,
}) => {
  const [person, taken] = [await people.add("Asa Asking"), await people.add("Tia Taken")];
  await visit(page, person, "/account/");

  await askFor(page, taken.email, person.password);

  await expect(page.getByText(`A mail to ${taken.email} is on its way.`)).toBeVisible();
  const text = await mailTo(service, taken.email, "Your address already has an account");
  expect(text).not.toContain("/link/");
  expect(text).not.toContain(person.email);
});

test("a wrong password is told at its field, and nothing is sent", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/403 .*\/api\/auth\/email-changes$/);
  const person = await people.add("Wes Wrong");
  await visit(page, person, "/account/");

  await askFor(page, another("wes"), "not the password");

  const password = page.getByRole("dialog").getByLabel("Current password");
  await expect(password).toHaveAccessibleDescription("That isn’t your current password.");
  await expect(password).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(address(page)).not.toContainText("It becomes");
});

test("what is missing or invalid is told at its field", async ({ page, people, complaints }) => {
  complaints.expect(/400 .*\/api\/auth\/email-changes$/);
  const person = await people.add("Mia Missing");
  await visit(page, person, "/account/");
  await page.getByRole("button", { name: "Change the address" }).click();
  const dialog = page.getByRole("dialog");

  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(dialog.getByLabel("New address")).toHaveAccessibleDescription(
    "Enter the new address.",
  );
  await expect(dialog.getByLabel("Current password")).toHaveAccessibleDescription(
    "Enter your current password.",
  );
  await dialog.getByLabel("New address").fill("nobody");
  await dialog.getByLabel("Current password").fill(person.password);
  await page.keyboard.press("Enter");

  await expect(dialog.getByLabel("New address")).toHaveAccessibleDescription(/^Email must have/);
});

test("a person keeps the present address, and the link says so", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/410 .*\/api\/auth\/links\/read$/);
  const person = await people.add("Kim Keeping");
  const link = await linkTo(page, service, person, another("kim"));

  await page.getByRole("button", { name: "Keep the present one" }).click();

  await expect(page.getByText("Your address stays as it is.")).toBeVisible();
  await expect(address(page)).not.toContainText("It becomes");
  await page.goto(link);
  await expect(page.getByText("This link was withdrawn")).toBeVisible();
  await page.getByRole("link", { name: "Ask for a new link" }).click();
  await expect(address(page)).toContainText(person.email);
});

test("a stranger who gets the link cannot use it, and the owner can", async ({
  page,
  browser,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/403 .*\/api\/auth\/email-changes\/complete$/);
  const person = await people.add("Olga Owner");
  const link = await linkTo(page, service, person, another("olga"));
  const context = await browser.newContext({ baseURL: service.url });
  const stranger = await context.newPage();
  await stranger.goto(link);
  await expect(stranger.getByRole("button", { name: "Confirm the address" })).toBeVisible();
  expect(await stranger.content()).not.toContain(person.email);

  await page.goto(link);
  await page.getByRole("button", { name: "Confirm the address" }).click();
  const password = page.getByLabel("Password");
  await expect(password).toHaveAccessibleDescription("Enter the password of your account.");
  await password.fill("a wrong guess");
  await page.keyboard.press("Enter");
  await expect(password).toHaveAccessibleDescription("That isn’t your current password.");
  await expect(password).toHaveAttribute("autocomplete", "current-password");

  await password.fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your address was changed")).toBeVisible();
  await context.close();
});

test("where the service sends no mail, no change is offered", async ({ page, people }) => {
  const features = { registration: "off", mail: false };
  await page.route("**/api/auth/features", (route) => route.fulfill({ json: features }));
  const person = await people.add("Nora Nomail");

  await visit(page, person, "/account/");

  await expect(address(page)).toContainText(person.email);
  await expect(page.getByRole("button", { name: "Change the address" })).toBeHidden();
});
