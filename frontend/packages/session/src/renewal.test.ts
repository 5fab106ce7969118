import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { NoResponse } from "./failure.ts";
import { ENDS_SESSION, renew, renewalDelay } from "./renewal.ts";
import { Service } from "./service.ts";

const TOKEN = { accessToken: "new", tokenType: "Bearer", expiresIn: 900 };
const USER = { id: "1", email: "ada@example.com", name: "Ada", role: "ADMIN" };

type Reply = () => Response;

const lost: Reply = () => {
  throw new TypeError("Failed to fetch");
};
const TYPE = { "Content-Type": "application/problem+json" };
const problem = (status: number, code: string) => () =>
  new Response(JSON.stringify({ code, title: code }), { status, headers: TYPE });
const refreshed: Reply = () => Response.json(TOKEN);

/** Replies to refreshes in turn, repeats the last reply, and records the requests. */
function service(refreshes: Reply[], me: Reply = () => Response.json(USER)) {
  const requests: string[] = [];
  const replies = [...refreshes];
  const client = new Service("http://service.test", async (url, { headers }) => {
    const { pathname } = new URL(url);
    const authorization = new Headers(headers).get("Authorization");
    requests.push([pathname, authorization].filter(Boolean).join(" "));
    if (pathname === "/api/auth/me") return me();
    return (replies.length > 1 ? replies.shift() : replies[0])?.() ?? lost();
  });
  return { client, requests };
}

test("a refresh returns the new token and asks whose it is", async () => {
  const { client, requests } = service([refreshed]);

  expect(await renew(client)).toEqual({ kind: "renewed", token: TOKEN, user: USER });
  expect(requests).toEqual(["/api/auth/refresh", "/api/auth/me Bearer new"]);
});

test("a lost response is retried at once", async () => {
  const { client, requests } = service([lost, lost, refreshed]);

  expect(await renew(client)).toMatchObject({ kind: "renewed" });
  expect(requests).toHaveLength(4);
});

test("three lost responses postpone the renewal", async () => {
  const { client, requests } = service([lost]);

  const outcome = await renew(client);

  expect(outcome.kind).toBe("postponed");
  expect(outcome).toHaveProperty("failure", expect.any(NoResponse));
  expect(requests).toHaveLength(3);
});

test("a superseded token is retried, because the cookie may have been replaced", async () => {
  const { client } = service([problem(401, "refresh_token_superseded"), refreshed]);

  expect(await renew(client)).toMatchObject({ kind: "renewed" });
});

test("a token that stays superseded ends the session", async () => {
  const { client, requests } = service([problem(401, "refresh_token_superseded")]);

  expect(await renew(client)).toMatchObject({ kind: "ended" });
  expect(requests).toHaveLength(3);
});

test("exactly the problems of a refresh with status 401 end the session", () => {
  const file = path.join(import.meta.dirname, "../../../../docs/openapi.json");
  const document = JSON.parse(readFileSync(file, "utf8"));
  const { content } = document.paths["/api/auth/refresh"].post.responses["401"];

  const codes = Object.keys(content["application/problem+json"].examples);

  expect([...ENDS_SESSION].sort()).toEqual(codes.sort());
});

for (const code of ["refresh_token_missing", "refresh_token_invalid", "session_ended"] as const) {
  test(`${code} ends the session at the first attempt`, async () => {
    const { client, requests } = service([problem(401, code)]);

    expect(await renew(client)).toMatchObject({ kind: "ended", failure: { code } });
    expect(requests).toHaveLength(1);
  });
}

for (const [status, code] of [
  [401, "from_a_newer_service"],
  [403, "origin_not_allowed"],
  [429, "too_many_attempts"],
  [500, "internal_error"],
  [503, "storage_unavailable"],
] as const) {
  test(`${status} ${code} postpones the renewal without another attempt`, async () => {
    const { client, requests } = service([problem(status, code)]);

    expect(await renew(client)).toMatchObject({ kind: "postponed", failure: { status } });
    expect(requests).toHaveLength(1);
  });
}

const ENDED = { code: "session_ended", title: "Session ended" };
const html = (status: number) => () =>
  new Response("<html>", { status, headers: { "Content-Type": "text/html" } });

for (const [name, foreign] of [
  ["null", () => Response.json(null)],
  ["an empty object", () => Response.json({})],
  ["an empty body", () => new Response(null, { status: 204 })],
  ["a token without an end", () => Response.json({ ...TOKEN, expiresIn: null })],
  ["a page", html(200)],
] as const) {
  test(`a refresh that succeeds with ${name} counts as lost`, async () => {
    const { client, requests } = service([foreign]);

    const outcome = await renew(client);

    expect(outcome.kind).toBe("postponed");
    expect(outcome).toHaveProperty("failure", expect.any(NoResponse));
    expect(requests).toHaveLength(3);
  });
}

for (const [name, foreign] of [
  ["a code in a body that is no problem", () => Response.json(ENDED, { status: 401 })],
  ["a code with another status", problem(403, "session_ended")],
  ["a proxy's page with status 401", html(401)],
] as const) {
  test(`${name} ends no session`, async () => {
    const { client } = service([foreign]);

    expect(await renew(client)).toMatchObject({ kind: "postponed" });
  });
}

test("a proxy's page with status 503 postpones the renewal", async () => {
  const { client, requests } = service([html(503)]);

  expect(await renew(client)).toMatchObject({ kind: "postponed", failure: { status: 503 } });
  expect(requests).toHaveLength(1);
});

test("a session continues if only the request for its user fails", async () => {
  for (const me of [lost, () => Response.json(null), problem(401, "access_token_invalid")]) {
    const { client } = service([refreshed], me);

    expect(await renew(client)).toMatchObject({ kind: "postponed" });
  }
});

test("a token is renewed between half a minute and a minute before it expires", () => {
  expect(renewalDelay(900, 0)).toBe(870_000);
  expect(renewalDelay(900, 1)).toBe(840_000);
});

test("a token of a few seconds is renewed after half of them at the earliest", () => {
  expect(renewalDelay(8, 0)).toBe(6_000);
  expect(renewalDelay(8, 1)).toBe(4_000);
});
