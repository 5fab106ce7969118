import { expectGood, SCHEMES, WINDOWS } from "./accessibility";
import { enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { signIn } from "./person";

for (const colorScheme of SCHEMES) {
  for (const [device, viewport] of WINDOWS) {
    test.describe(`on a ${colorScheme} ${device}`, () => {
      test.use({ colorScheme, viewport });

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

        await page.getByRole("button", { name: "Sign in" }).click();
        await expect(page.getByLabel("Code from your app")).toHaveAttribute("aria-invalid");
        await expectGood(page);

        await page.getByRole("button", { name: "Use a recovery code" }).click();
        await page.getByLabel("Recovery code").fill("5q3x-0rd7-zk2m");
        await page.getByRole("button", { name: "Sign in" }).click();
        await expect(page.getByText("That code didn’t work")).toBeVisible();
        await expectGood(page);
      });
    });
  }
}
