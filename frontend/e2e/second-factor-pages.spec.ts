import { expectGood, overflow, WINDOWS } from "./accessibility";
import { Authenticator, enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { signIn, visit } from "./person";

const TOO_OLD = { code: "reauthentication_required", title: "Reauthentication required" };

for (const [device, viewport] of WINDOWS) {
  test.describe(`on a ${device}`, () => {
    test.use({ viewport });

    test("the second step of signing in is accessible and fits its window", async ({
      page,
      people,
      service,
      complaints,
    }) => {
      complaints.expect(/401 .*\/api\/auth\/login/);
      const person = await enrol(service, await people.add("Sesquipedalia"));
      await page.goto("/");
      await signIn(page, person);
      await expect(page.getByLabel("Code from your app")).toBeFocused();
      await expectGood(page);

      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByLabel("Code from your app")).toHaveAttribute("aria-invalid");
      await expectGood(page);

      await page.getByRole("button", { name: "Use a recovery code" }).click();
      await page.getByLabel("Recovery code").fill("5q3x-0rd7-zk2m");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByText("That code didn’t work")).toBeVisible();
      await expectGood(page);
    });

    test("all that changes second factors is accessible and fits its window", async ({
      page,
      people,
      complaints,
    }) => {
      complaints.expect(/401 /);
      await visit(page, await people.add("Sesquipedalia"), "/account/");
      const begin = page.getByRole("button", { name: "Set up an authenticator app" });
      const dialog = page.getByRole("dialog");
      await begin.click();
      await expect(dialog.getByRole("img").locator("path")).toHaveAttribute("d", /./);
      await dialog.getByRole("button", { name: "Confirm" }).click();
      await expect(dialog.getByLabel("Code from your app")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      expect(await overflow(dialog)).toBe(0);
      const app = new Authenticator(String(await dialog.getByRole("code").textContent()));
      await dialog.getByLabel("Code from your app").fill(await app.code());
      await dialog.getByRole("button", { name: "Confirm" }).click();

      await expect(page.getByRole("listitem")).toHaveCount(10);
      await expect(page.getByText("10 recovery codes are left.")).toBeVisible();
      await expectGood(page);

      await page.getByRole("button", { name: "Remove" }).click();
      await expectGood(page);
      expect(await overflow(dialog)).toBe(0);
      await dialog.getByRole("button", { name: "Cancel" }).click();

      await page.route("**/api/auth/factors/totp", (route) =>
        route.fulfill({ status: 401, contentType: "application/problem+json", json: TOO_OLD }),
      );
      await page.getByRole("button", { name: "Move to another app" }).click();
      await dialog.getByRole("button", { name: "Confirm" }).click();
      await expect(dialog.getByLabel("Your password")).toHaveAttribute("aria-invalid");
      await expectGood(page);
      expect(await overflow(dialog)).toBe(0);
    });
  });
}
