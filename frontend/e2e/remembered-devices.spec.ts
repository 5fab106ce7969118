import type { Page } from "@playwright/test";
import { expectGood } from "./accessibility";
import { enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { type Person, signIn } from "./person";

test.use({ settings: { DEVICE_TRUST: "30d", FRESH: "30s" } });

const code = (page: Page) => page.getByLabel("Code from your app");
const box = (page: Page) =>
  page.getByRole("checkbox", { name: "Don’t ask for a code on this device for 30 days" });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const forget = (page: Page) => page.getByRole("button", { name: /^Forget Chrome on Linux/ });
const signedIn = (page: Page) =>
  expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();

async function signInAgain(page: Page, person: Person): Promise<void> {
  await press(page, "Sign out");
  await expect(page.getByLabel("Email")).toBeVisible(); // or the way there would end the request
  await page.goto("/account/");
  await signIn(page, person);
}

test.beforeEach(({ complaints }) => complaints.expect(/401 .*\/api\/auth\/(login|factors)/));

test("a person has a device remembered, changes factors with a code, and has it forgotten", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Rita Remembered"));
  await page.goto("/account/");
  await signIn(page, person);
  await expect(box(page)).not.toBeChecked();
  await box(page).check();
  await code(page).fill(await person.app.code());
  await press(page, "Sign in");
  await signedIn(page);

  await test.step("the password is enough", async () => {
    await signInAgain(page, person);
    await signedIn(page);
    await expect(forget(page)).toBeVisible();
    await expectGood(page);
  });

  await test.step("but not for a change of factors", async () => {
    await press(page, "New recovery codes");
    await press(page, "Make new codes");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Your password").fill(person.password);
    await press(page, "Confirm");
    await expect(code(page)).toBeVisible();
    await expect(box(page)).toHaveCount(0);
    await press(page, "Cancel");
  });

  await test.step("until it is forgotten", async () => {
    await forget(page).click();
    await expect(forget(page)).toHaveCount(0);
    await signInAgain(page, person);
    await expect(code(page)).toBeVisible();
  });
});
