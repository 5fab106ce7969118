import { setTimeout as sleep } from "node:timers/promises";
import { expectGood } from "./accessibility";
import { enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { mailTo } from "./mailbox";
import { signIn } from "./person";

const FRESH = 30_000; // milliseconds

test.use({ settings: { FRESH: "30s" } });

test("who has a second factor proves it again before password and account change", async ({
  page,
  people,
  service,
  complaints,
}) => {
  test.setTimeout(180_000);
  complaints.expect(/401 .*\/api\/auth\/(login|refresh|password|account\/delete)$/);
  const person = await enrol(service, await people.add("Steffi Step"));
  const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
  const again = dialog("Confirm that it’s you");
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const confirm = async (password: string) => {
    await again.getByLabel("Your password").fill(password);
    await again.getByRole("button", { name: "Confirm" }).click();
    await again.getByLabel("Code from your app").fill(await person.app.code());
    await again.getByRole("button", { name: "Confirm" }).click();
  };
  await page.goto("/account/");
  await signIn(page, person);
  await page.getByLabel("Code from your app").fill(await person.app.code());
  await button("Sign in").click();
  const form = page.getByRole("region", { name: "Change your password" });
  await expect(form.getByLabel("Current password")).toBeVisible();
  await sleep(FRESH + 1_000);
  const password = "another kettle of fish";

  await test.step("the form of the password", async () => {
    await form.getByLabel("Current password").fill(person.password);
    await form.getByLabel("New password").fill(password);
    await button("Change the password").click();
    await expect(again).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(again).toBeHidden();
    await expect(form.getByLabel("New password")).toHaveValue(password);
    await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);

    await button("Change the password").click();
    await confirm(person.password);

    await expect(page.getByText(/^Your password was changed\./)).toBeVisible();
  });

  await test.step("the dialog that deletes the account", async () => {
    await sleep(FRESH + 1_000);
    await button("Delete the account").click();
    const deletion = dialog("Delete your account?");
    await deletion.getByLabel("Current password").fill(password);
    await deletion.getByRole("button", { name: "Delete it for good" }).click();
    await expect(again).toBeVisible();
    await expectGood(page);
    await page.keyboard.press("Escape");
    await expect(again).toBeHidden();
    await expect(deletion.getByLabel("Current password")).toHaveValue(password);
    await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);

    await deletion.getByRole("button", { name: "Delete it for good" }).click();
    await confirm(password);

    await expect(page.getByText(/because your account was deleted/)).toBeVisible();
    await mailTo(service, person.email, "Your account was deleted");
  });
});
