import type { Page } from "@playwright/test";
import { expectGood, WINDOWS } from "./accessibility";
import { Device } from "./device";
import { expect, test } from "./fixtures";
import { signIn } from "./person";

test.use({ settings: { MFA_REQUIRED_ROLES: "USER" } });

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test.beforeEach(({ complaints }) => complaints.expect(/401 .*\/api\/auth\/login/));

test("a person whose role requires a second factor adds a passkey while signing in", async ({
  page,
  people,
}) => {
  const device = await Device.of(page);
  const person = await people.add("Petra Passkey");
  await page.goto("/account/");
  await signIn(page, person);
  await expect(page.getByText("You need a second step")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create a passkey" })).toBeVisible();
  for (const [, viewport] of WINDOWS) {
    await page.setViewportSize(viewport);
    await expectGood(page);
  }

  await device.recognisesOwner(false);
  await press(page, "Create a passkey");
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
  expect(await device.passkeys()).toHaveLength(0);
  await device.recognisesOwner(true);
  await press(page, "Create a passkey");

  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeFocused();
  await expect(page.getByRole("rowheader", { name: "My first passkey" })).toBeVisible();
  await expect(page.getByText(/^Signed in with a passkey, /)).toBeVisible();
  expect(await device.passkeys()).toHaveLength(1);
});

test("a passkey that comes too late is not left in the device, and the sign-in begins again", async ({
  page,
  people,
  service,
}) => {
  const device = await Device.of(page);
  const person = await people.add("Ludwig Late");
  const password = "another kettle of fish";
  await page.route("**/api/auth/login/enrolment/passkeys", async (route) => {
    await service.latchkey(["set-password", "--password-stdin", person.email], `${password}\n`);
    await route.continue();
  });
  await page.goto("/");
  await signIn(page, person);

  await press(page, "Create a passkey");

  await expect(page.getByRole("alert").filter({ hasText: "Please start again" })).toBeVisible();
  await expect(page.getByLabel("Password")).toBeFocused();
  await expect.poll(() => device.passkeys()).toHaveLength(0);
});
