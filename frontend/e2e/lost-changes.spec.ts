import type { Page } from "@playwright/test";
import { enrol } from "./authenticator";
import { expect, test } from "./fixtures";
import { type Person, signIn, visit } from "./person";

const NEW = "a kettle of another colour";
const UNREACHABLE = "Can’t reach the service";

const heading = (page: Page, name: string) => page.getByRole("heading", { name });

test.beforeEach(({ complaints }) =>
  complaints.expect(/ERR_FAILED .*\/api\/auth\//, /401 .*\/api\/auth\/(refresh|login|me)/),
);

/** Loses the next response of an operation, with the cookies that are in it, or the next request. */
async function lose(page: Page, path: string, what: "response" | "request"): Promise<() => number> {
  let sent = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === path) sent += 1;
  });
  await page.route(
    `**${path}`,
    async (route) => {
      const cookies = await page.context().cookies();
      if (what === "response") expect((await route.fetch()).ok()).toBe(true);
      await page.context().clearCookies();
      await page.context().addCookies(cookies);
      await route.abort();
    },
    { times: 1 },
  );
  return () => sent;
}

async function changePassword(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill(NEW);
  await page.getByRole("button", { name: "Change the password" }).click();
}

test("a change of the password whose response is lost leads to the form that says so", async ({
  page,
  people,
}) => {
  const person = await people.add("Lotta Lost");
  await visit(page, person, "/account/");
  const sent = await lose(page, "/api/auth/password", "response");

  await changePassword(page, person);

  await expect(
    page.getByText(/because your password or your second factors were changed/),
  ).toBeVisible();
  await signIn(page, { ...person, password: NEW });
  await expect(heading(page, "Change your password")).toBeVisible();
  expect(sent()).toBe(1);
});

test("a change of the password that did not arrive is told, and can be repeated", async ({
  page,
  people,
}) => {
  const person = await people.add("Nora Notarrived");
  await visit(page, person, "/account/");
  await lose(page, "/api/auth/password", "request");

  await changePassword(page, person);
  await expect(page.getByRole("alert").filter({ hasText: UNREACHABLE })).toBeVisible();
  await page.getByRole("button", { name: "Change the password" }).click();

  await expect(page.getByText(/^Your password was changed/)).toBeVisible();
});

test("a change of the password with a token of a former role is made with a new one", async ({
  page,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/401 .*\/api\/auth\/password$/);
  const person = await people.add("Rolf Role");
  await visit(page, person, "/account/");
  await service.latchkey(["set-role", person.email, "ADMIN"]);

  await changePassword(page, person);

  await expect(page.getByText(/^Your password was changed/)).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Administrator");
});

test("a deletion of the account whose response is lost is told on the form", async ({
  page,
  people,
}) => {
  const person = await people.add("Dora Deleted");
  await visit(page, person, "/account/");
  await lose(page, "/api/auth/account/delete", "response");
  await page.getByRole("button", { name: "Delete the account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Current password").fill(person.password);

  await dialog.getByRole("button", { name: "Delete it for good" }).click();

  await expect(page.getByText(/because your account was deleted/)).toBeVisible();
});

test("a sign-in whose response is lost is not repeated by itself", async ({ page, people }) => {
  await page.clock.install();
  const person = await people.add("Lorna Login");
  await page.goto("/");
  const sent = await lose(page, "/api/auth/login", "response");

  await signIn(page, person);
  await expect(page.getByRole("alert").filter({ hasText: UNREACHABLE })).toBeVisible();
  await page.clock.fastForward("02:00"); // longer than any pause
  await page.waitForTimeout(500);
  expect(sent()).toBe(1);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  await expect(heading(page, "Orders")).toBeVisible();
  expect(sent()).toBe(2);
});

test("after a code whose response is lost, the page asks for a new one", async ({
  page,
  people,
  service,
}) => {
  const person = await enrol(service, await people.add("Cody Code"));
  const [first = "", second = ""] = person.codes;
  await page.goto("/");
  await signIn(page, person);
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  const code = page.getByLabel("Recovery code");
  const sent = await lose(page, "/api/auth/login/second-factor", "response");

  await code.fill(first);
  await page.keyboard.press("Enter");
  await expect(code).toHaveAccessibleDescription(/^Enter another recovery code/);
  await expect(page.getByRole("alert").filter({ hasText: UNREACHABLE })).toBeVisible();
  await expect(code).toBeFocused();
  await expect(code).toHaveValue("");
  expect(sent()).toBe(1);
  await code.fill(second);
  await page.keyboard.press("Enter");

  await expect(heading(page, "Orders")).toBeVisible();
});
