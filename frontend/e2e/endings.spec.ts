import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { credentials, type People, type Person, TokenHolder, visit } from "./person";
import type { Service } from "./service";

type Scene = { context: BrowserContext; people: People; service: Service; person: Person };

const ENDINGS: Record<string, { words: RegExp; happen: (scene: Scene) => Promise<unknown> }> = {
  logged_out: {
    words: /because this session was ended with “Sign out”/,
    happen: async ({ context, service }) =>
      (await TokenHolder.of(context, service)).post("/api/auth/logout"),
  },
  replaced: {
    words: /because a newer sign-in took this session’s place/,
    happen: async ({ context, service, people }) =>
      (await TokenHolder.of(context, service)).post("/api/auth/login", credentials(people.user)),
  },
  expired: {
    words: /because you were away for too long/,
    happen: ({ service }) => service.forgetSessions(),
  },
  reuse_detected: {
    words: /because this session was used from somewhere else/,
    happen: async ({ context, service }) => (await TokenHolder.of(context, service)).refresh(3),
  },
  revoked: {
    words: /because your password was changed/,
    happen: ({ service, person }) =>
      service.latchkey(["set-password", person.email, "--password-stdin"], "another long one\n"),
  },
  user_disabled: {
    words: /because your account was disabled/,
    happen: ({ service, person }) => service.latchkey(["disable-user", person.email]),
  },
};

async function expectFarewell(page: Page, words: RegExp): Promise<void> {
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();
}

for (const [reason, { words, happen }] of Object.entries(ENDINGS)) {
  test(`a session that ended as ${reason} is told in plain words`, async ({
    page,
    context,
    people,
    service,
  }) => {
    const person = await people.add(`Ed ${reason.replace("_", " ")}`);
    await visit(page, person);

    await happen({ context, people, service, person });
    await page.reload();

    await expectFarewell(page, words);
  });
}

test("an ending is noticed at the next renewal, without a reload", async ({
  page,
  people,
  service,
}) => {
  const person = await people.add("Rita Revoked");
  await page.clock.install();
  await visit(page, person);
  await service.latchkey(["disable-user", person.email]);

  await page.clock.fastForward("14:45");

  await expectFarewell(page, /because your account was disabled/);
});

test("the farewell is gone after the next sign-in and sign-out", async ({
  page,
  context,
  people,
  service,
}) => {
  await visit(page, people.user);
  await (await TokenHolder.of(context, service)).post("/api/auth/logout");
  await page.reload();
  await expectFarewell(page, /because this session was ended/);

  await visit(page, people.user);
  await page.getByRole("button", { name: "Sign out" }).click();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText(/You were signed out/)).toBeHidden();
});
