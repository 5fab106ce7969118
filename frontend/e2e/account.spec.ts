import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { type Person, visit } from "./person";

/** Signs in on another device of the same person. */
async function elsewhere(browser: Browser, url: string, person: Person): Promise<Page> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await visit(page, person);
  return page;
}

const rows = (page: Page) => page.getByRole("rowgroup").nth(1).getByRole("row");

test("a person sees where they are signed in, and signs out another browser", async ({
  page,
  browser,
  people,
  service,
}) => {
  const person = await people.add("Lena Listed");
  const other = await elsewhere(browser, service.url, person);
  await visit(page, person, "/account/");
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("This browser");
  await expect(rows(page).first().getByRole("rowheader")).toContainText(/ on /);

  await rows(page)
    .nth(1)
    .getByRole("button", { name: /^Sign out/ })
    .click();

  await expect(page.getByText("Signed out in one place.")).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText("There are no other sessions.")).toBeVisible();
  await expect(page.getByRole("region", { name: "List of sessions" })).toBeFocused();
  await other.reload();
  await expect(other.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await other.context().close();
});

test("a person signs out everywhere else, and stays signed in here", async ({
  page,
  browser,
  people,
  service,
}) => {
  const person = await people.add("Evan Everywhere");
  const others = [
    await elsewhere(browser, service.url, person),
    await elsewhere(browser, service.url, person),
  ];
  await visit(page, person, "/account/");

  await page.getByRole("button", { name: "Sign out everywhere else" }).click();

  await expect(page.getByText("Signed out in 2 places.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toBeHidden();
  await expect(page.locator("header", { hasText: "Where you are signed in" })).toBeFocused();
  for (const other of others) {
    await other.reload();
    await expect(other.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await other.context().close();
  }
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
});

test("a failure to sign out elsewhere is told, and nothing is claimed", async ({
  page,
  browser,
  people,
  service,
  complaints,
}) => {
  complaints.expect(/503.*\/api\/auth\/sessions\/end$/);
  const person = await people.add("Fay Failure");
  const other = await elsewhere(browser, service.url, person);
  await visit(page, person, "/account/");
  await page.route("**/api/auth/sessions/end", (route) => route.fulfill({ status: 503 }));

  await page.getByRole("button", { name: "Sign out everywhere else" }).click();

  await expect(page.getByRole("alert").filter({ hasText: "busy" })).toBeVisible();
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByText(/^Signed out/)).toBeHidden();
  await other.context().close();
});

test("a person changes the name", async ({ page, people }) => {
  const person = await people.add("Nellie Named");
  await visit(page, person, "/account/");
  const form = page.getByRole("region", { name: "Your name" });
  await expect(form.getByLabel("Name")).toHaveValue("Nellie Named");

  await form.getByLabel("Name").fill(" ");
  await form.getByRole("button").click();
  await expect(form.getByLabel("Name")).toHaveAccessibleDescription("Enter a name.");
  await form.getByLabel("Name").fill("Nellie Renamed");
  await form.getByRole("button").click();

  await expect(form.getByText("Your name was changed.")).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Nellie Renamed");
  await page.reload();
  await expect(page.getByRole("banner")).toContainText("Nellie Renamed");
  await expect(form.getByLabel("Name")).toHaveValue("Nellie Renamed");
});
