import type { BrowserContext, Page } from "@playwright/test";
import type { EndReason } from "../src/api/types";
import { expect, test } from "./fixtures";
import { credentials, type People, type Person, TokenHolder, visit } from "./person";
import type { Service } from "./service";

type Scene = { context: BrowserContext; people: People; service: Service; person: Person };

const ENDINGS: Record<EndReason, { words: RegExp; provoke: (scene: Scene) => Promise<unknown> }> = {
  logged_out: {
    words: /because this session was ended with “Sign out”/,
    provoke: async ({ context, service }) =>
      (await TokenHolder.of(context, service)).post("/api/auth/logout"),
  },
  replaced: {
    words: /because a newer sign-in took this session’s place/,
    provoke: async ({ context, service, people }) =>
      (await TokenHolder.of(context, service)).post("/api/auth/login", credentials(people.user)),
  },
  expired: {
    words: /because you were away for too long/,
    provoke: ({ service }) => service.forgetSessions(),
  },
  reuse_detected: {
    words: /because this session was used from somewhere else/,
    provoke: async ({ context, service }) => (await TokenHolder.of(context, service)).refresh(3),
  },
  revoked: {
    words: /because your password or your second factors were changed/,
    provoke: ({ service, person }) =>
      service.latchkey(["set-password", person.email, "--password-stdin"], "another long one\n"),
  },
  user_disabled: {
    words: /because your account was disabled/,
    provoke: ({ service, person }) => service.latchkey(["disable-user", person.email]),
  },
};

async function expectEnding(page: Page, words: RegExp): Promise<void> {
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();
}

for (const [reason, { words, provoke }] of Object.entries(ENDINGS)) {
  test(`the sign-in page explains in plain words that a session ended as ${reason}`, async ({
    page,
    context,
    people,
    service,
  }) => {
    const person = await people.add(`Ed ${reason.replace("_", " ")}`);
    await visit(page, person);

    await provoke({ context, people, service, person });
    await page.reload();

    await expectEnding(page, words);
  });
}

test("the next renewal notices that a session has ended, without a reload", async ({
  page,
  people,
  service,
}) => {
  const person = await people.add("Rita Revoked");
  await page.clock.install();
  await visit(page, person);
  await service.latchkey(["disable-user", person.email]);

  await page.clock.fastForward("14:45");

  await expectEnding(page, /because your account was disabled/);
});

test("the explanation is gone after the next sign-in and sign-out", async ({
  page,
  context,
  people,
  service,
}) => {
  await visit(page, people.user);
  await (await TokenHolder.of(context, service)).post("/api/auth/logout");
  await page.reload();
  await expectEnding(page, /because this session was ended/);

  await visit(page, people.user);
  await page.getByRole("button", { name: "Sign out" }).click();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText(/You were signed out/)).toBeHidden();
});
