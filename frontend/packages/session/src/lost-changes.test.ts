import { expect, test } from "@playwright/test";
import { HttpProblem, isLost, NoResponse } from "./failure.ts";
import { globals } from "./globals.testing.ts";
import { Session } from "./session.ts";

const USER = { id: "1", email: "ada@example.com", name: "Ada", role: "ADMIN" };
const CREDENTIALS = { email: USER.email, password: "correct horse" };
const PASSWORDS = { currentPassword: "correct horse", newPassword: "battery staple" };
const CODES = { recoveryCodes: ["5q3x-0rd7-zk2m"] };

type Reply = () => Response | Promise<Response>;

const lost: Reply = () => {
  throw new TypeError("Failed to fetch");
};
const problem =
  (status: number, code: string, members = {}) =>
  (): Response =>
    new Response(JSON.stringify({ code, title: code, ...members }), {
      status,
      headers: { "Content-Type": "application/problem+json" },
    });
const invalid = problem(401, "access_token_invalid");
const ended = problem(401, "session_ended", { reason: "revoked" });

let requests: string[] = [];
let changes: Reply[] = [];
let refresh: Reply | null = null;

/** A service that gives out tokens, each another one, until a test plans something else. */
async function respond(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const { url, headers } = new Request(input, init);
  const path = new URL(url).pathname.replace("/api/auth/", "");
  const isChange = path === "password" || path.startsWith("factors");
  requests.push(isChange ? `${path} ${headers.get("Authorization")}` : path);
  if (path === "me") return Response.json(USER);
  if (path === "logout") return Response.json({ message: "Logged out" });
  const planned = path === "refresh" ? refresh : isChange ? changes.shift() : null;
  const token = { accessToken: `token ${requests.length}`, expiresIn: 900 };
  return planned ? planned() : Response.json({ ...token, ...CODES, user: USER });
}

const replaced = globals({ navigator: {}, fetch: respond });

test.beforeEach(() => {
  requests = [];
  changes = [];
  refresh = null;
  replaced.install();
});

test.afterEach(replaced.restore);

async function signedIn(): Promise<Session> {
  const session = new Session({ baseUrl: "https://auth.test" });
  await session.signIn(CREDENTIALS);
  return session;
}

const failed = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

const CHANGES: Record<string, (session: Session) => Promise<unknown>> = {
  password: (session) => session.changePassword(PASSWORDS),
  "factors/totp/confirm": (session) => session.confirmFactor({ id: "1", code: "123456" }),
  "factors/passkeys": (session) => session.addPasskey({ credential: {}, name: "Phone" }),
  "factors/passkeys/1/remove": (session) => session.removePasskey("1"),
  "factors/recovery-codes": (session) => session.replaceRecoveryCodes(),
  "factors/remove": (session) => session.removeFactors(),
};

for (const [path, change] of Object.entries(CHANGES)) {
  test(`after a lost response of ${path} a refresh tells that the session has ended`, async () => {
    changes = [lost];
    refresh = ended;
    const session = await signedIn();

    const failure = await failed(change(session));

    expect(failure).toBeInstanceOf(NoResponse);
    expect(requests).toEqual(["login", `${path} Bearer token 1`, "refresh"]);
    expect(session.state).toMatchObject({
      phase: "signedOut",
      ending: { problem: { problem: { reason: "revoked" } } },
    });
  });
}

test("a proxy's page in the place of a response counts as lost", async () => {
  changes = [() => new Response("<h1>504 Gateway Time-out</h1>", { status: 504 })];
  refresh = ended;
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));

  expect(isLost(failure)).toBe(true);
  expect(requests).toEqual(["login", "password Bearer token 1", "refresh"]);
  expect(session.state.phase).toBe("signedOut");
});

test("a problem of the service is no lost response", async () => {
  changes = [problem(503, "storage_unavailable")];
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));
  await session.signOut();

  expect(isLost(failure)).toBe(false);
  expect(requests).not.toContain("refresh");
});

test("a lost change is asked about although the token was renewed meanwhile", async () => {
  const session = await signedIn();
  changes = [
    async () => {
      session.restore(); // as the timer does, while the change waits for its turn
      await new Promise((resolve) => setTimeout(resolve, 20));
      return lost();
    },
  ];
  const failure = await failed(session.changePassword(PASSWORDS));
  await session.signOut();

  expect(isLost(failure)).toBe(true);
  expect(requests.filter((each) => each === "refresh")).toHaveLength(2);
});

test("after a request that never arrived, the session goes on with another token", async () => {
  changes = [lost];
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));
  await session.changePassword(PASSWORDS);
  const { state } = session;
  await session.signOut();

  expect(failure).toBeInstanceOf(NoResponse);
  expect(state).toMatchObject({ phase: "signedIn", user: USER });
  expect(requests.slice(1, 5)).toEqual([
    "password Bearer token 1",
    "refresh",
    "me",
    "password Bearer token 3",
  ]);
});

test("a lost response stays the failure if the refresh is lost, too", async () => {
  changes = [lost];
  refresh = problem(503, "storage_unavailable");
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));
  const { state } = session;
  await session.signOut();

  expect(failure).toBeInstanceOf(NoResponse);
  expect(state).toMatchObject({ phase: "signedIn", failure: { code: "storage_unavailable" } });
});

test("a change whose token is rejected is repeated once with another one", async () => {
  changes = [invalid];
  const session = await signedIn();

  const codes = await session.replaceRecoveryCodes();
  await session.signOut();

  expect(codes).toEqual(CODES.recoveryCodes);
  expect(requests.slice(1, 5)).toEqual([
    "factors/recovery-codes Bearer token 1",
    "refresh",
    "me",
    "factors/recovery-codes Bearer token 3",
  ]);
});

test("a change whose token is rejected twice is not repeated again", async () => {
  changes = [invalid, invalid];
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));
  await session.signOut();

  expect(failure).toMatchObject({ code: "access_token_invalid" });
  expect(requests.filter((request) => request.startsWith("password"))).toHaveLength(2);
});

test("a change whose token is rejected because the session has ended says why", async () => {
  changes = [invalid];
  refresh = ended;
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));

  expect(failure).toMatchObject({ code: "session_ended" });
  expect(session.state.phase).toBe("signedOut");
});

test("a repeated change whose response is lost is followed by a refresh", async () => {
  changes = [invalid, lost];
  const session = await signedIn();

  const failure = await failed(session.changePassword(PASSWORDS));
  await session.signOut();

  expect(failure).toBeInstanceOf(NoResponse);
  expect(requests.filter((request) => request === "refresh")).toHaveLength(2);
});

for (const [status, code] of [
  [401, "reauthentication_required"],
  [403, "password_incorrect"],
  [503, "storage_unavailable"],
] as const) {
  test(`a change that is ${status} ${code} is neither repeated nor followed by a refresh`, async () => {
    changes = [problem(status, code)];
    const session = await signedIn();

    const failure = await failed(session.changePassword(PASSWORDS));
    const { state } = session;
    const sent = [...requests];
    await session.signOut();

    expect(failure).toBeInstanceOf(HttpProblem);
    expect(sent).toEqual(["login", "password Bearer token 1"]);
    expect(state).toMatchObject({ phase: "signedIn", failure: null });
  });
}
