import { expect, test } from "@playwright/test";
import { NoResponse } from "./failure.ts";
import { Service } from "./service.ts";

const TOKEN = { accessToken: "a.b.c", tokenType: "Bearer", expiresIn: 900 };
const USER = { id: "1", email: "ada@example.com", name: "Ada", role: "ADMIN" };
const CREDENTIALS = { email: "ada@example.com", password: "correct horse" };

/** Responds with one body to everything, and records the requests. */
function service(body: unknown, baseUrl = "") {
  const requests: [string, RequestInit][] = [];
  const client = new Service(baseUrl, async (url, init) => {
    requests.push([url, init]);
    return Response.json(body);
  });
  return { client, requests };
}

const PASSKEY = { credential: { id: "AbC", type: "public-key" } };
const PROOF = { challenge: "AbC", factor: "totp", code: "123 456" } as const;

const OPERATIONS = {
  login: [(client: Service) => client.login(CREDENTIALS), { ...TOKEN, user: USER }],
  "completed login": [(client: Service) => client.completeLogin(PROOF), { ...TOKEN, user: USER }],
  enrolment: [
    (client: Service) => client.completeEnrolment({ challenge: "AbC", id: "1", code: "123456" }),
    { ...TOKEN, user: USER, recoveryCodes: ["5q3x-0rd7-zk2m"] },
  ],
  "enrolment of a passkey": [
    (client: Service) =>
      client.completePasskeyEnrolment({ ...PASSKEY, challenge: "AbC", name: "Phone" }),
    { ...TOKEN, user: USER, recoveryCodes: ["5q3x-0rd7-zk2m"] },
  ],
  confirmation: [
    (client: Service) => client.confirmFactor({ id: "1", code: "123456" }, "a.b.c"),
    { ...TOKEN, recoveryCodes: ["5q3x-0rd7-zk2m"] },
  ],
  "login with a passkey": [
    (client: Service) => client.loginWithPasskey(PASSKEY),
    { ...TOKEN, user: USER },
  ],
  "new passkey": [
    (client: Service) => client.addPasskey({ ...PASSKEY, name: "Phone" }, "a.b.c"),
    { ...TOKEN, recoveryCodes: ["5q3x-0rd7-zk2m"] },
  ],
  "removal of a passkey": [(client: Service) => client.removePasskey("1", "a.b.c"), TOKEN],
  "replacement of recovery codes": [
    (client: Service) => client.replaceRecoveryCodes("a.b.c"),
    { ...TOKEN, recoveryCodes: [] },
  ],
  "removal of factors": [(client: Service) => client.removeFactors("a.b.c"), TOKEN],
  refresh: [(client: Service) => client.refresh(), TOKEN],
  logout: [(client: Service) => client.logout(), { message: "Logged out successfully" }],
  user: [(client: Service) => client.user(TOKEN), USER],
} as const;

for (const [name, [call, body]] of Object.entries(OPERATIONS)) {
  test(`a ${name} accepts what the service sends, also with members of a newer one`, async () => {
    await call(service(body).client);
    await call(service({ ...body, newer: 1 }).client);
  });

  for (const foreign of [null, "", "<html>", 1, true, [], {}]) {
    test(`a ${name} that succeeds with ${JSON.stringify(foreign)} counts as lost`, async () => {
      await expect(call(service(foreign).client)).rejects.toThrow(NoResponse);
    });
  }

  for (const member of Object.keys(body)) {
    if (member === "tokenType") continue;
    test(`a ${name} without ${member} counts as lost`, async () => {
      const part = { ...body, [member]: undefined };

      await expect(call(service(part).client)).rejects.toThrow(NoResponse);
    });
  }
}

for (const expiresIn of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "900", null]) {
  test(`a token that expires in ${expiresIn} seconds counts as lost`, async () => {
    await expect(service({ ...TOKEN, expiresIn }).client.refresh()).rejects.toThrow(NoResponse);
  });
}

test("a success that is no JSON by its media type counts as lost", async () => {
  const client = new Service("", async () => new Response(JSON.stringify(TOKEN)));

  await expect(client.refresh()).rejects.toThrow(NoResponse);
});

test("the cookie is sent to the page's own origin, or to the one that is named", async () => {
  const own = service(TOKEN);
  const named = service(TOKEN, "https://auth.example.com");

  await own.client.refresh();
  await named.client.refresh();

  expect(own.requests).toMatchObject([
    ["/api/auth/refresh", { method: "POST", credentials: "same-origin" }],
  ]);
  expect(named.requests).toMatchObject([
    ["https://auth.example.com/api/auth/refresh", { method: "POST", credentials: "include" }],
  ]);
});

test("the password is in the body and nowhere else", async () => {
  const { client, requests } = service({ ...TOKEN, user: USER });

  await client.login(CREDENTIALS);

  const [[url, { body, headers }] = ["", {}]] = requests;
  expect(JSON.parse(String(body))).toEqual(CREDENTIALS);
  expect(url + JSON.stringify(headers)).not.toContain(CREDENTIALS.password);
});

test("a code is sent as it was typed, in the body and nowhere else", async () => {
  const { client, requests } = service({ ...TOKEN, user: USER });
  const challenge = { challenge: PROOF.challenge, factors: ["totp"] };

  await client.completeLogin({ ...challenge, factor: PROOF.factor, code: PROOF.code });
  await client.completeLogin({ ...PROOF, rememberDevice: true });

  const [[url, { body, headers }] = ["", {}]] = requests;
  expect(url).toBe("/api/auth/login/second-factor");
  expect(JSON.parse(String(body))).toEqual(PROOF);
  expect(JSON.parse(String(requests[1]?.[1].body))).toEqual({ ...PROOF, rememberDevice: true });
  expect(JSON.stringify(headers)).not.toContain(PROOF.challenge);
});

test("a logout outlives the page that sends it", async () => {
  const { client, requests } = service({ message: "Logged out successfully" });

  await client.logout();

  const [[, { keepalive }] = ["", {}]] = requests;
  expect(keepalive).toBe(true);
});

test("the id of a passkey stays within its part of the path", async () => {
  const { client, requests } = service(TOKEN);

  await client.removePasskey("../../logout?", "a.b.c");

  expect(requests.map(([url]) => url)).toEqual([
    "/api/auth/factors/passkeys/..%2F..%2Flogout%3F/remove",
  ]);
});

test("recovery codes that are no texts count as lost", async () => {
  const { client } = service({ ...TOKEN, recoveryCodes: [1] });

  await expect(client.replaceRecoveryCodes("a.b.c")).rejects.toThrow(NoResponse);
});
