import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { expectGood, overflow, WINDOWS } from "./accessibility";
import { addPasskey, Device } from "./device";
import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

const FRESH = 30_000; // milliseconds

test.use({ settings: { FRESH: "30s" } });

const section = (page: Page) => page.getByRole("region", { name: "Passkeys" });
const row = (page: Page, name: string) => section(page).getByRole("row", { name });
const dialog = (page: Page) => page.getByRole("dialog");
const codes = (page: Page) =>
  page.getByRole("region", { name: "Your recovery codes" }).getByRole("listitem");
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("a person adds a passkey under a name of their own, and sees when it was used", async ({
  page,
  people,
}) => {
  const device = await Device.of(page);
  await visit(page, await people.add("Ada Adds"), "/account/");
  await press(page, "Add a passkey");
  const name = dialog(page).getByLabel("Name");
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("Chrome on Linux");

  await name.fill(" ");
  await page.keyboard.press("Enter");
  await expect(name).toHaveAccessibleDescription("Enter a name.");
  await expect(name).toBeFocused();
  await page.keyboard.type("Key ring");
  await page.keyboard.press("Enter");

  await expect(codes(page)).toHaveCount(10);
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeFocused();
  await expect(section(page).getByRole("status")).toContainText("Your passkey was added.");
  await expect(row(page, "Key ring")).toContainText("on one device only");
  await press(page, "I have kept them");
  await press(page, "Sign out");
  await expect(page.getByRole("banner")).toContainText("Ada Adds"); // out of the field
  await page.goto("/account/");
  await expect(row(page, "Key ring")).toContainText(/\d\d:\d\d/);
  expect(await device.passkeys()).toHaveLength(1);
});

test("a device that has a passkey of the person gets no second one", async ({ page, people }) => {
  const device = await Device.of(page);
  await visit(page, await people.add("Dora Double"), "/account/");
  await addPasskey(page, "Chrome on Linux");

  await press(page, "Add another passkey");
  await expect(dialog(page).getByLabel("Name")).toHaveValue("Chrome on Linux 2");
  await press(page, "Create the passkey");

  await expect(dialog(page).getByRole("alert")).toContainText("a passkey of yours already");
  await page.keyboard.press("Escape");
  await expect(section(page).getByRole("rowheader")).toHaveCount(1);
  expect(await device.passkeys()).toHaveLength(1);
});

test("a device that cannot tell its owner gets no passkey, and can be tried again", async ({
  page,
  people,
}) => {
  const device = await Device.of(page);
  await device.recognisesOwner(false);
  await visit(page, await people.add("Una Untold"), "/account/");
  await press(page, "Add a passkey");
  await press(page, "Create the passkey");
  await expect(dialog(page).getByRole("alert")).toContainText("No passkey was used");

  await device.recognisesOwner(true);
  await press(page, "Create the passkey");

  await expect(codes(page)).toHaveCount(10);
  expect(await device.passkeys()).toHaveLength(1);
});

test("a passkey that the service does not take is not left in the device", async ({
  page,
  people,
  complaints,
}) => {
  complaints.expect(/400 .*\/factors\/passkeys$/);
  const device = await Device.of(page);
  await visit(page, await people.add("Nora Notaken"), "/account/");
  const errors = [{ field: "name", message: "must have 1 to 64 characters" }];
  const refusal = { code: "invalid_request", title: "Invalid request", status: 400, errors };
  await page.route("**/api/auth/factors/passkeys", (route) =>
    route.fulfill({ status: 400, contentType: "application/problem+json", json: refusal }),
  );

  await press(page, "Add a passkey");
  await press(page, "Create the passkey");

  await expect(dialog(page).getByLabel("Name")).toHaveAccessibleDescription(/^The name must have/);
  expect(await device.passkeys()).toEqual([]);
});

test("passkeys that are removed are forgotten by their devices", async ({ page, people }) => {
  const person = await people.add("Remo Remover");
  const first = await Device.of(page);
  await visit(page, person, "/account/");
  await addPasskey(page, "Computer");
  const second = await Device.of(page, "usb");
  await addPasskey(page, "Key ring");
  expect(await second.passkeys()).toHaveLength(1);

  await test.step("one of two", async () => {
    await press(page, "Remove the passkey Computer");
    await expect(dialog(page)).toHaveAccessibleName("Remove the passkey Computer?");
    await expect(dialog(page)).not.toContainText("password alone");
    await press(page, "Cancel");
    await expect(row(page, "Computer")).toBeVisible();
    await press(page, "Remove the passkey Computer");
    await dialog(page).getByRole("button", { name: "Remove" }).click();

    await expect(section(page).getByRole("status")).toContainText("The passkey was removed.");
    await expect(row(page, "Computer")).toBeHidden();
    await expect.poll(() => first.passkeys()).toEqual([]);
    expect(await second.passkeys()).toHaveLength(1);
  });

  await test.step("the last one", async () => {
    await press(page, "Remove the passkey Key ring");
    await expect(dialog(page)).toContainText("Your password alone will sign you in");
    await dialog(page).getByRole("button", { name: "Remove" }).click();

    await expect(page.getByRole("button", { name: "Add a passkey" })).toBeVisible();
    await expect(page.getByText(/recovery codes? (is|are) left/)).toBeHidden();
    await expect.poll(() => second.passkeys()).toEqual([]);
  });
  await press(page, "Sign out");
  await signIn(page, person);
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("a change long after the sign-in takes a passkey of the same person on the spot", async ({
  page,
  people,
  complaints,
}) => {
  test.setTimeout(120_000);
  complaints.expect(/401 .*\/api\/auth\/factors/);
  const other = await people.add("Olav Other");
  const person = await people.add("Ines Inplace");
  const device = await Device.of(page);
  await visit(page, other, "/account/");
  await addPasskey(page, "Of another person");
  const others = await device.empty();
  await press(page, "Sign out");
  await signIn(page, person);
  await expect(page.getByRole("banner")).toContainText(person.name);
  await page.goto("/account/");
  await addPasskey(page, "Key ring");
  const own = await device.empty();
  await sleep(FRESH + 1_000);

  await press(page, "New recovery codes");
  await press(page, "Make new codes");
  await expect(dialog(page)).toHaveAccessibleName("Confirm that it’s you");
  await device.put(others);
  await press(page, "Use a passkey");
  await expect(dialog(page).getByRole("alert")).toContainText("No passkey was used");
  await device.put(own);
  await press(page, "Use a passkey");

  await expect(page.getByText("You have new recovery codes.")).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("banner")).toContainText(person.name);
});

test("all that changes passkeys, and signs in with them, is accessible and fits its window", async ({
  page,
  people,
  complaints,
}) => {
  test.setTimeout(180_000);
  complaints.expect(/401 /);
  const person = await people.add("Sesquipedalia");
  const device = await Device.of(page);
  await visit(page, person, "/account/");
  await addPasskey(page, "W".repeat(64));

  const inAllWindows = async () => {
    for (const [, viewport] of WINDOWS) {
      await page.setViewportSize(viewport);
      await expectGood(page);
      if (await dialog(page).isVisible()) expect(await overflow(dialog(page))).toBe(0);
    }
  };
  await inAllWindows();
  await press(page, "Add another passkey");
  await press(page, "Create the passkey");
  await expect(dialog(page).getByRole("alert")).toContainText("already");
  await inAllWindows();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Remove the passkey/ }).click();
  await inAllWindows();
  await page.keyboard.press("Escape");
  await device.recognisesOwner(false);
  await press(page, "Sign out");
  await press(page, "Sign in with a passkey");
  await expect(page.getByText("No passkey was used")).toBeVisible();
  await inAllWindows();
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await press(page, "Sign in");
  await expect(page.getByRole("button", { name: "Use a passkey" })).toBeFocused();
  await inAllWindows();
});
