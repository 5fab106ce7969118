import type { Page } from "@playwright/test";
import { enrol } from "./authenticator";
import { addPasskey, countQuestions, Device, newQuestions } from "./device";
import { expect, test } from "./fixtures";
import { type Person, signIn, visit } from "./person";

const button = (page: Page) => page.getByRole("button", { name: "Sign in with a passkey" });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const said = (page: Page, text: string | RegExp) =>
  page.getByRole("alert").filter({ hasText: text });
const orders = (page: Page) => page.getByRole("heading", { name: "Orders" });

test.beforeEach(({ complaints }) => complaints.expect(/401 .*\/api\/auth\/login/));

/**
 * Signs a person in, adds a passkey to their account, and signs out. The form then offers passkeys,
 * and nobody touches the device.
 */
async function withPasskey(page: Page, person: Person): Promise<Device> {
  await countQuestions(page);
  const device = await Device.of(page);
  await visit(page, person, "/account/");
  await addPasskey(page, "Key ring");
  await device.isTouched(false);
  await newQuestions(page);
  await press(page, "Sign out");
  await expect(button(page)).toBeVisible();
  await expect.poll(() => newQuestions(page)).toBe(1);
  return device;
}

/** Counts the requests of a page to an address. */
function calls(page: Page, path: string): { count: number } {
  const counted = { count: 0 };
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === path) counted.count += 1;
  });
  return counted;
}

test("a passkey signs in by the button, and out of the field for the email", async ({
  page,
  people,
}) => {
  const device = await withPasskey(page, await people.add("Pia Passkey"));
  await expect(page.getByLabel("Email")).toHaveAttribute("autocomplete", "username webauthn");
  await expect(page.getByLabel("Email")).toBeFocused();

  await test.step("by the button", async () => {
    await button(page).click();
    await expect(page.getByRole("button", { name: "Waiting for your passkey…" })).toBeVisible();
    await page.reload(); // nobody has touched the device
    await expect.poll(() => newQuestions(page)).toBe(1); // in the field
    await device.isTouched(true);
    await page.getByLabel("Password").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect(button(page)).toBeFocused();
    await page.keyboard.press("Enter");

    await expect(orders(page)).toBeVisible();
    await expect(page.getByRole("main")).toBeFocused();
    await page.reload();
    await expect(page.getByRole("banner")).toContainText("Pia Passkey");
  });

  await test.step("out of the field", async () => {
    await press(page, "Sign out"); // the device is still touched

    await expect(orders(page)).toBeVisible();
    await expect(page.getByRole("banner")).toContainText("Pia Passkey");
  });
});

test("a device that cannot tell its owner is refused, and accepted as soon as it can", async ({
  page,
  people,
}) => {
  const device = await withPasskey(page, await people.add("Ulla Unverified"));
  const sent = calls(page, "/api/auth/login/passkey");
  await device.recognisesOwner(false);
  await device.isTouched(true);

  await button(page).click();

  await expect(said(page, "No passkey was used")).toContainText("by fingerprint, face or PIN");
  expect(sent.count).toBe(0);
  await device.recognisesOwner(true);
  await expect(orders(page)).toBeVisible(); // out of the field, which offers them again
});

test("a passkey that the service does not know is told and forgotten, and the next one signs in", async ({
  page,
  people,
  service,
}) => {
  const right = await people.add("Rita Right");
  const device = await withPasskey(page, right);
  const kept = await device.empty();
  const wrong = await people.add("Wim Wrong");
  await visit(page, wrong, "/account/");
  await device.isTouched(true);
  await addPasskey(page, "Old phone");
  await service.latchkey(["reset-factors", wrong.email]);

  await press(page, "Sign out");

  await expect(said(page, "This passkey is not known here")).toContainText("was removed");
  await expect.poll(() => device.passkeys()).toEqual([]);
  await device.put(kept);
  await expect(orders(page)).toBeVisible(); // without a reload
  await expect(page.getByRole("banner")).toContainText(right.name);
});

test("a passkey that has become one that syncs is refused, until it is as it was", async ({
  page,
  people,
}) => {
  const device = await withPasskey(page, await people.add("Flip Flopper"));
  await device.claimsToSync(true);
  await device.isTouched(true);

  await button(page).click();

  await expect(said(page, "That passkey didn’t work")).toBeVisible();
  expect(await device.passkeys()).toHaveLength(1);
  await device.claimsToSync(false);
  await expect(orders(page)).toBeVisible(); // without a reload
});

for (const [title, eligible, state] of [
  ["stays on its device", false, false],
  ["can be copied", true, false],
  ["has been copied", true, true],
] as const) {
  test(`a passkey that ${title} signs in, and each time its owner was recognised`, async ({
    page,
    people,
  }) => {
    const person = await people.add("Bea Backup");
    const backups = { defaultBackupEligibility: eligible, defaultBackupState: state };
    const device = await Device.of(page, "internal", backups);
    await visit(page, person, "/account/");
    await addPasskey(page, "Phone");
    const kind = eligible ? "synced between your devices" : "on one device only";
    await expect(page.getByRole("rowheader", { name: "Phone" })).toContainText(kind);

    for (const isCopied of eligible ? [state, !state] : [state]) {
      await device.claimsToSync(eligible, isCopied);
      await device.recognisesOwner(false);
      await press(page, "Sign out");
      await button(page).click();
      await expect(said(page, "No passkey was used")).toBeVisible();
      await device.recognisesOwner(true); // in the field, which offers it again
      await expect(page.getByRole("banner")).toContainText(person.name);
    }
  });
}

test("a challenge that has expired is replaced, and the browser asks once more", async ({
  page,
  people,
}) => {
  const device = await withPasskey(page, await people.add("Lara Latepass"));
  const options = calls(page, "/api/auth/passkeys/options");
  const late = { code: "challenge_invalid", title: "Challenge invalid", status: 401 };
  await page.route(
    "**/api/auth/login/passkey",
    (route) => route.fulfill({ status: 401, contentType: "application/problem+json", json: late }),
    { times: 1 },
  );
  await device.isTouched(true);

  await button(page).click();

  await expect(orders(page)).toBeVisible();
  expect(options.count).toBe(2);
});

test("what is offered in the field is renewed before the challenge expires", async ({
  page,
  people,
}) => {
  await page.clock.install();
  const device = await withPasskey(page, await people.add("Wanda Waiting"));
  const options = calls(page, "/api/auth/passkeys/options");
  await device.isTouched(true); // but only when the page asks again

  await page.clock.fastForward("03:30");
  await page.waitForTimeout(500);
  expect(options.count).toBe(0);
  await page.clock.fastForward("01:00");

  await expect(orders(page)).toBeVisible();
  expect(options.count).toBe(1);
});

test("with a passkey as the only factor, the second step asks for it", async ({ page, people }) => {
  const person = await people.add("Solveig Second");
  const device = await withPasskey(page, person);
  const passkey = page.getByRole("button", { name: "Use a passkey" });
  await signIn(page, person);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expect(passkey).toBeFocused();
  await expect(page.getByRole("textbox")).toHaveCount(0);

  await press(page, "Use a recovery code");
  await expect(page.getByLabel("Recovery code")).toBeFocused();
  await press(page, "Sign in");
  await expect(page.getByLabel("Recovery code")).toHaveAttribute("aria-invalid");
  await device.recognisesOwner(false);
  await device.isTouched(true);
  await passkey.click();
  await expect(said(page, "No passkey was used")).toBeVisible();
  await expect(page.getByLabel("Recovery code")).not.toHaveAttribute("aria-invalid");
  await device.recognisesOwner(true);
  await passkey.click();

  await expect(orders(page)).toBeVisible();
});

test("beside an authenticator app, the second step takes a passkey as well", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Bo Both"));
  const device = await Device.of(page);
  await page.goto("/account/");
  await signIn(page, person);
  await page.getByLabel("Code from your app").fill(await person.app.code());
  await press(page, "Sign in");
  await addPasskey(page, "Key ring");
  await expect(page.getByRole("region", { name: "Your recovery codes" })).toBeHidden();
  await device.isTouched(false);
  await press(page, "Sign out");
  await signIn(page, person);
  await expect(page.getByLabel("Code from your app")).toBeFocused();

  await device.isTouched(true);
  await press(page, "Use a passkey");

  await expect(orders(page)).toBeVisible();
});

test("a service without passkeys offers none", async ({ page }) => {
  const options = calls(page, "/api/auth/passkeys/options");
  await page.route("**/api/auth/features", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), passkeys: false } });
  });
  const told = page.waitForResponse("**/api/auth/features");
  await page.goto("/");
  await told;
  await page.waitForLoadState("networkidle");

  await expect(button(page)).toBeHidden();
  expect(options.count).toBe(0);
});

test("a browser without passkeys is asked for none, and says so where there is no other way", async ({
  page,
  people,
}) => {
  const person = await people.add("Olga Older");
  await withPasskey(page, person);
  const options = calls(page, "/api/auth/passkeys/options");
  await page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
  await page.goto("/account/");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeEnabled();
  const required = { code: "second_factor_required", title: "Required", status: 401 };
  const json = { ...required, challenge: "AbC", factors: ["passkey"] };
  await page.route("**/api/auth/login", (route) =>
    route.fulfill({ status: 401, contentType: "application/problem+json", json }),
  );
  await signIn(page, person);

  await expect(said(page, "This browser has no passkeys")).toBeVisible();
  await expect(button(page)).toBeHidden();
  await page.unroute("**/api/auth/login");
  await press(page, "Back");
  await signIn(page, person);
  await expect(page.getByLabel("Recovery code")).toBeFocused();
  expect(options.count).toBe(0);
});
