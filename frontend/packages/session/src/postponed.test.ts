import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "./failure.ts";
import { globals } from "./globals.testing.ts";
import { Session } from "./session.ts";

const USER = { id: "1", email: "ada@example.com", name: "Ada", role: "ADMIN" };
const ORDERS = "https://auth.test/api/orders";

type Reply = () => Response;

const lost: Reply = () => {
  throw new TypeError("Failed to fetch");
};
const busy: Reply = () =>
  new Response(JSON.stringify({ code: "storage_unavailable", title: "Not now" }), {
    status: 503,
    headers: { "Content-Type": "application/problem+json", "Retry-After": "60" },
  });
const refreshed: Reply = () => Response.json({ accessToken: "a token", expiresIn: 900 });

let refresh = busy;
let refreshes = 0;
let now = 0;
let session: Session;

async function respond(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const { pathname } = new URL(new Request(input, init).url);
  if (pathname === "/api/auth/me") return Response.json(USER);
  if (pathname === "/api/auth/logout") return Response.json({ message: "Logged out" });
  if (pathname !== "/api/auth/refresh") return Response.json("an order");
  refreshes += 1;
  return refresh();
}

const document = Object.assign(new EventTarget(), { hidden: false });
const window = new EventTarget();
const localStorage = {
  getItem: () => "a session",
  setItem: () => undefined,
  removeItem: () => undefined,
};

const replaced = globals({ navigator: {}, fetch: respond, document, window, localStorage });
const { now: readClock } = Date;

test.beforeEach(() => {
  replaced.install();
  refresh = busy;
  refreshes = 0;
  now = readClock();
  Date.now = () => now;
  session = new Session({ baseUrl: "https://auth.test" });
});

test.afterEach(async () => {
  await session.signOut(); // its timers would keep this process alive
  Date.now = readClock;
  replaced.restore();
});

const failure = (): Promise<unknown> => session.fetch(ORDERS).catch((error: unknown) => error);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const event = (type: string, members = {}) => Object.assign(new Event(type), members);

test("nobody asks while the service has asked to wait", async () => {
  const failures = [await failure(), await failure(), await failure()];

  expect(failures.map((each) => each instanceof HttpProblem && each.retryAfter)).toEqual(
    Array(3).fill(60_000),
  );
  expect(refreshes).toBe(1);
});

test("after the pause, the next request asks again", async () => {
  await failure();
  refresh = refreshed;

  now += 61_000; // with the jitter
  const response = await session.fetch(ORDERS);

  expect(response.status).toBe(200);
  expect(refreshes).toBe(2);
});

test("a clock that was set back ends the pause", async () => {
  await failure();

  now -= 1;
  await failure();

  expect(refreshes).toBe(2);
});

test("after lost responses, no request asks before the pause is over", async () => {
  refresh = lost;

  expect(await failure()).toBeInstanceOf(NoResponse);
  expect(await failure()).toBeInstanceOf(NoResponse);
  expect(refreshes).toBe(3); // one renewal

  now += 2_000; // the first pause with its jitter
  await failure();
  expect(refreshes).toBe(6);
});

test("a person may ask at any time, and requests then wait for the response", async () => {
  await failure();
  refresh = refreshed;

  session.restore();
  const response = await session.fetch(ORDERS);

  expect(response.status).toBe(200);
  expect(refreshes).toBe(2);
});

for (const [what, target, wake] of [
  ["becomes visible", document, event("visibilitychange")],
  ["is online again", window, event("online")],
  ["hears of another tab", window, event("storage", { key: "latchkey-session" })],
  ["is shown again by the back button", window, event("pageshow", { persisted: true })],
] as const) {
  test(`a page that ${what} does not ask while the service has asked to wait`, async () => {
    const stop = session.start();
    await settled();
    expect(session.state).toMatchObject({ phase: "restoring", failure: { status: 503 } });

    target.dispatchEvent(wake);
    await settled();
    expect(refreshes).toBe(1);

    now += 61_000;
    target.dispatchEvent(wake);
    await settled();
    stop();
    expect(refreshes).toBe(2);
  });
}

test("a page that is online again asks at once after lost responses", async () => {
  refresh = lost;
  const stop = session.start();
  await settled();
  refresh = refreshed;

  window.dispatchEvent(event("online"));
  await settled();
  stop();

  expect(session.state.phase).toBe("signedIn");
});

test("a page that hears of a sign-in elsewhere asks again after the pause", async () => {
  let note: string | null = null;
  Object.assign(localStorage, { getItem: () => note });
  const stop = session.start();
  await settled();
  expect(session.state.phase).toBe("signedOut");

  note = "a session";
  window.dispatchEvent(event("storage", { key: "latchkey-session" }));
  await settled();
  now += 61_000;
  refresh = refreshed;
  document.dispatchEvent(event("visibilitychange"));
  await settled();
  stop();
  Object.assign(localStorage, { getItem: () => "a session" });

  expect(refreshes).toBe(2);
  expect(session.state.phase).toBe("signedIn");
});

test("a page that is kept for the back button still says why it waits when it is shown again", async () => {
  const stop = session.start();
  await settled();

  window.dispatchEvent(event("pagehide", { persisted: true }));
  window.dispatchEvent(event("pageshow", { persisted: true }));
  stop();

  expect(session.state).toMatchObject({ phase: "restoring", failure: { status: 503 } });
});
