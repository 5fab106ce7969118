import { expect, test } from "@playwright/test";
import { challengeOf, HttpProblem } from "./failure.ts";
import { globals } from "./globals.testing.ts";
import { Session } from "./session.ts";

const USER = { id: "1", email: "ada@example.com", name: "Ada", role: "ADMIN" };
const CREDENTIALS = { email: USER.email, password: "correct horse" };
const SERVICE = "https://auth.test";
const ORDERS = "https://orders.test";

let requests: Request[] = [];
let isSignedIn = true;
let lacksFactor = false;
let rejected: string | null = null;

/** A service whose every token is another one, and an API at other origins. */
async function respond(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  requests.push(request);
  const { pathname } = new URL(request.url);
  const token = { accessToken: `token ${requests.length}`, expiresIn: 900 };
  if (pathname === "/api/auth/login" && lacksFactor) return problem(REQUIRED);
  if (pathname.startsWith("/api/auth/login")) {
    return Response.json({ ...token, ...CODES, user: USER });
  }
  if (pathname === "/api/auth/me") return Response.json(USER);
  if (pathname.startsWith("/api/auth/factors")) return Response.json({ ...token, ...CODES });
  if (pathname === "/api/auth/password") return Response.json(token);
  if (pathname === "/api/auth/logout") return Response.json({ message: "Logged out" });
  if (pathname === "/api/auth/refresh" && isSignedIn) return Response.json(token);
  if (pathname === "/api/auth/refresh") return problem(ENDED);
  const isRejected = request.headers.get("Authorization") === rejected;
  return Response.json("an order", { status: isRejected ? 401 : 200 });
}

const ENDED = { code: "session_ended", title: "Ended", reason: "expired" };
const CODES = { recoveryCodes: ["5q3x-0rd7-zk2m"] };
const PASSKEY = { credential: { id: "AbC", type: "public-key" } };
const CHALLENGE = { challenge: "AbC", factors: ["totp"], rememberDeviceFor: null };
const REQUIRED = { code: "second_factor_required", title: "Required", ...CHALLENGE };

const problem = (body: object) =>
  new Response(JSON.stringify(body), {
    status: 401,
    headers: { "Content-Type": "application/problem+json" },
  });

const replaced = globals({ navigator: {}, fetch: respond });

test.beforeEach(() => {
  requests = [];
  isSignedIn = true;
  lacksFactor = false;
  rejected = null;
  replaced.install();
});

test.afterEach(replaced.restore);

/** The timers of a signed-in session would keep this process alive. */
async function signedIn(options = {}): Promise<Session> {
  const session = new Session({ baseUrl: SERVICE, ...options });
  await session.signIn(CREDENTIALS);
  return session;
}

test("a change of the password goes on with the token that comes with it", async () => {
  const session = await signedIn();
  const before = await session.accessToken();

  await session.changePassword({ currentPassword: "correct horse", newPassword: "battery" });
  const after = await session.accessToken();
  await session.signOut();

  const change = requests.find(({ url }) => url.endsWith("/api/auth/password"));
  expect(change?.headers.get("Authorization")).toBe(`Bearer ${before}`);
  expect(after).not.toBe(before);
});

for (const [name, complete] of [
  [
    "an app",
    (session: Session) => session.completeEnrolment({ challenge: "AbC", id: "1", code: "123456" }),
  ],
  [
    "a passkey",
    (session: Session) =>
      session.completePasskeyEnrolment({ ...PASSKEY, challenge: "AbC", name: "Phone" }),
  ],
] as const) {
  test(`${name} that a sign-in requires completes it, and brings recovery codes`, async () => {
    const session = new Session({ baseUrl: SERVICE });

    const codes = await complete(session);

    expect(codes).toEqual(CODES.recoveryCodes);
    expect(session.state).toMatchObject({ phase: "signedIn", user: USER });
    await session.signOut();
  });
}

for (const [name, path, change, codes] of [
  [
    "a confirmed app",
    "totp/confirm",
    (session: Session) => session.confirmFactor({ id: "1", code: "123456" }),
    CODES.recoveryCodes,
  ],
  [
    "a new passkey",
    "passkeys",
    (session: Session) => session.addPasskey({ ...PASSKEY, name: "Phone" }),
    CODES.recoveryCodes,
  ],
  [
    "a removed passkey",
    "passkeys/1/remove",
    (session: Session) => session.removePasskey("1"),
    undefined,
  ],
  [
    "new recovery codes",
    "recovery-codes",
    (session: Session) => session.replaceRecoveryCodes(),
    CODES.recoveryCodes,
  ],
  ["removed factors", "remove", (session: Session) => session.removeFactors(), undefined],
] as const) {
  test(`the session goes on with the token that comes with ${name}`, async () => {
    const session = await signedIn();
    const before = await session.accessToken();

    const returned = await change(session);
    const after = await session.accessToken();
    await session.signOut();

    const sent = requests.find(({ url }) => url.endsWith(`/api/auth/factors/${path}`));
    expect(sent?.headers.get("Authorization")).toBe(`Bearer ${before}`);
    expect(returned).toEqual(codes);
    expect(after).not.toBe(before);
    expect(session.state.phase).toBe("signedOut");
  });
}

test("a sign-in that lacks the second factor changes nothing until it is completed", async () => {
  lacksFactor = true;
  const session = new Session({ baseUrl: SERVICE });

  const failure = await session.signIn(CREDENTIALS).catch((error: unknown) => error);
  expect(session.state.phase).toBe("starting");
  expect(challengeOf(failure)).toEqual(CHALLENGE);

  await session.completeSignIn({ challenge: "AbC", factor: "totp", code: "123456" });
  expect(session.state).toMatchObject({ phase: "signedIn", user: USER });
  expect(await session.accessToken()).toBe("token 2");
  await session.signOut();
});

const WAYS: Record<string, (session: Session) => Promise<unknown>> = {
  "a password": (session) => session.signIn(CREDENTIALS),
  "a passkey": (session) => session.signInWithPasskey(PASSKEY),
  "a code": (session) =>
    session.completeSignIn({ challenge: "AbC", factor: "totp", code: "123 456" }),
  "a new app": (session) =>
    session.completeEnrolment({ challenge: "AbC", id: "1", code: "123456" }),
  "a new passkey": (session) =>
    session.completePasskeyEnrolment({ challenge: "AbC", ...PASSKEY, name: "Phone" }),
};

for (const [name, signIn] of Object.entries(WAYS)) {
  test(`a sign-in with ${name} holds the lock of all tabs`, async () => {
    const held: string[] = [];
    const locks = {
      request: async (name: string, _: object, work: () => Promise<unknown>) => {
        held.push(`${name} before ${requests.length} requests`);
        return work();
      },
    };
    Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
    const session = new Session({ baseUrl: SERVICE });

    await signIn(session);
    const { state } = session;
    await session.signOut();

    expect(held[0]).toBe("latchkey-session before 0 requests");
    expect(state).toMatchObject({ phase: "signedIn", user: USER });
  });
}

test("a passkey is sent as the browser has given it", async () => {
  await new Session({ baseUrl: SERVICE }).signInWithPasskey(PASSKEY);

  expect(await requests[0]?.json()).toEqual(PASSKEY);
});

test("whoever signs in is in the state, and listeners are told", async () => {
  const session = new Session({ baseUrl: SERVICE });
  const phases: string[] = [];
  const stop = session.subscribe(() => phases.push(session.state.phase));
  expect(session.state).toEqual({ phase: "starting" });

  await session.signIn(CREDENTIALS);
  stop();
  await session.signOut();

  expect(phases).toEqual(["signedIn"]);
  expect(session.state).toEqual({ phase: "signedOut", ending: null });
});

test("requests that wait for a token share one refresh", async () => {
  const session = new Session({ baseUrl: SERVICE });

  await Promise.all([1, 2, 3].map(() => session.fetch(`${SERVICE}/api/orders`)));
  await session.signOut();

  const refreshes = requests.filter(({ url }) => url.endsWith("/api/auth/refresh"));
  expect(refreshes).toHaveLength(1);
});

test("a request carries the access token, and its own headers and body", async () => {
  const session = await signedIn();

  await session.fetch(`${SERVICE}/x`, { method: "POST", body: "text", headers: { "X-A": "b" } });
  await session.signOut();

  const sent = requests.find(({ url }) => url.endsWith("/x"));
  expect(sent?.headers.get("Authorization")).toBe("Bearer token 1");
  expect(sent?.headers.get("X-A")).toBe("b");
  expect(await sent?.text()).toBe("text");
});

test("a request whose token is rejected is sent once more with another one", async () => {
  const session = await signedIn();
  rejected = "Bearer token 1";

  const response = await session.fetch(`${SERVICE}/x`, { method: "POST", body: "text" });
  await session.signOut();

  const sent = requests.filter(({ url }) => url.endsWith("/x"));
  expect(response.status).toBe(200);
  expect(await Promise.all(sent.map((request) => request.text()))).toEqual(["text", "text"]);
  expect(new Set(sent.map(({ headers }) => headers.get("Authorization"))).size).toBe(2);
});

test("another origin gets no request, unless it is listed", async () => {
  const session = await signedIn();
  const listed = await signedIn({ origins: [ORDERS] });

  await expect(session.fetch(`${ORDERS}/x`)).rejects.toThrow(TypeError);
  expect(requests.some(({ url }) => url.startsWith(ORDERS))).toBe(false);
  await listed.fetch(`${ORDERS}/x`);
  await Promise.all([session.signOut(), listed.signOut()]);

  expect(requests.some(({ url }) => url.startsWith(ORDERS))).toBe(true);
});

test("a session that has ended says why, and sends nothing", async () => {
  isSignedIn = false;
  const session = new Session({ baseUrl: SERVICE });

  const failure = await session.fetch(`${SERVICE}/x`).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(HttpProblem);
  expect(session.state).toMatchObject({
    phase: "signedOut",
    ending: { problem: { problem: { reason: "expired" } } },
  });
  expect(requests).toHaveLength(1);
});

test("nothing that can be listed or printed of a session is the token", async () => {
  const session = await signedIn();

  expect(JSON.stringify(session) + Object.keys(session)).not.toContain("token 1");
  await session.signOut();
});
