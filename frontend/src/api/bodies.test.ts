import { expect, test } from "@playwright/test";
import {
  isCreation,
  isEnded,
  isEvent,
  isFactors,
  isForgotten,
  isManagedUser,
  isNewApp,
  isOrder,
  isPageOf,
  isQueuedMail,
  isRequest,
  isSession,
  isUser,
} from "./bodies";

const USER = { id: "1", email: "ada@example.com", name: "Ada", role: "ADMIN" };
const ORDER = {
  id: "1",
  status: "paid",
  totalCents: 0,
  currency: "EUR",
  createdAt: "2026-01-01T00:00:00Z",
};

const CREATION = {
  challenge: "AbC",
  rp: { id: "example.com", name: "Latchkey" },
  user: { id: "AbC", name: "ada@example.com", displayName: "Ada" },
};

const KINDS = {
  "a user": [isUser, USER],
  "a managed user": [isManagedUser, { ...USER, status: "active", secondFactors: [] }],
  "an event": [
    isEvent,
    { id: "1", at: "2026-01-01T00:00:00Z", action: "login_failed", detail: {} },
  ],
  "a mail": [isQueuedMail, { id: "1", kind: "test", to: "ada@example.com", attempts: 0 }],
  "an order": [isOrder, ORDER],
  "a session": [
    isSession,
    {
      id: "1",
      current: true,
      startedAt: "2026-01-01T00:00:00Z",
      lastSeenAt: "2026-01-01T00:00:00Z",
    },
  ],
  "a list of second factors": [
    isFactors,
    {
      items: [
        {
          id: "1",
          kind: "totp",
          createdAt: "2026-01-01T00:00:00Z",
          lastUsedAt: "2026-01-01T00:00:00Z",
        },
      ],
      recoveryCodesLeft: 10,
    },
  ],
  "what a passkey is asked for with": [
    isRequest,
    { publicKey: { challenge: "AbC", rpId: "example.com" } },
  ],
  "what a passkey is created with": [isCreation, { publicKey: CREATION }],
  "a new app": [isNewApp, { id: "1", secret: "JBSWY3DP", uri: "otpauth://totp/x" }],
  "a count of ended sessions": [isEnded, { ended: 0 }],
  "a count of forgotten devices": [isForgotten, { forgotten: 0 }],
  "a page of users": [isPageOf(isUser), { items: [USER], nextCursor: null }],
} as const;

for (const [name, [isExpected, body]] of Object.entries(KINDS)) {
  test(`${name} is accepted, also with members of a newer service`, () => {
    expect(isExpected(body)).toBe(true);
    expect(isExpected({ ...body, newer: 1 })).toBe(true);
  });

  for (const foreign of [null, undefined, "", "<html>", 1, true, [], {}]) {
    test(`${JSON.stringify(foreign)} is not ${name}`, () => {
      expect(isExpected(foreign)).toBe(false);
    });
  }

  for (const member of Object.keys(body)) {
    test(`without ${member}, it is ${name} only if nobody needs that`, () => {
      const isNeeded = member !== "nextCursor";

      expect(isExpected({ ...body, [member]: undefined })).toBe(!isNeeded);
    });
  }
}

test("a page with one foreign item is not accepted", () => {
  expect(isPageOf(isUser)({ items: [USER, null] })).toBe(false);
});

test("passkeys that the browser is to keep are accepted only as a whole", () => {
  const factors = { items: [], recoveryCodesLeft: 10 };
  const accepted = { rpId: "example.com", userId: "AbC", allAcceptedCredentialIds: ["AbC"] };

  expect(isFactors({ ...factors, acceptedPasskeys: accepted })).toBe(true);
  expect(isFactors({ ...factors, acceptedPasskeys: null })).toBe(true);
  for (const part of [
    {},
    { ...accepted, userId: undefined },
    { ...accepted, allAcceptedCredentialIds: undefined },
    { ...accepted, allAcceptedCredentialIds: [null] },
  ]) {
    expect(isFactors({ ...factors, acceptedPasskeys: part })).toBe(false);
  }
});

test("remembered devices are accepted only as they are listed", () => {
  const factors = { items: [], recoveryCodesLeft: 10 };
  const device = { id: "1", createdAt: "2026-01-01T00:00:00Z", expiresAt: "2026-01-31T00:00:00Z" };

  expect(isFactors({ ...factors, rememberedDevices: [device] })).toBe(true);
  for (const foreign of ["", {}, [null], [{ ...device, expiresAt: null }]]) {
    expect(isFactors({ ...factors, rememberedDevices: foreign })).toBe(false);
  }
});

test("a list with one foreign second factor is not accepted", () => {
  expect(isFactors({ items: [null], recoveryCodesLeft: 10 })).toBe(false);
});
