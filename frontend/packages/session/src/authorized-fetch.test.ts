import { expect, test } from "@playwright/test";
import { authorizedFetch } from "./authorized-fetch.ts";

/** Rejects some tokens, and records who sent what. */
function service(rejected: string[]) {
  const received: string[] = [];
  const fetchRequest = async (request: Request) => {
    const token = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    received.push(`${token}: ${await request.text()}`);
    return new Response(null, { status: rejected.includes(token) ? 401 : 201 });
  };
  return { fetchRequest, received };
}

const order = () => new Request("http://service.test/", { method: "POST", body: "an order" });
const tokens = async (rejected?: string) => (rejected === undefined ? "first" : "second");

test("a request is sent once with the access token", async () => {
  const { fetchRequest, received } = service([]);

  const response = await authorizedFetch(order(), tokens, fetchRequest);

  expect(response.status).toBe(201);
  expect(received).toEqual(["first: an order"]);
});

test("a request whose token is rejected is repeated with another token and the same body", async () => {
  const { fetchRequest, received } = service(["first"]);

  const response = await authorizedFetch(order(), tokens, fetchRequest);

  expect(response.status).toBe(201);
  expect(received).toEqual(["first: an order", "second: an order"]);
});

test("the other token is any but the rejected one", async () => {
  const asked: unknown[] = [];
  const accessToken = async (rejected?: string) => {
    asked.push(rejected);
    return "first";
  };

  await authorizedFetch(order(), accessToken, service(["first"]).fetchRequest);

  expect(asked).toEqual([undefined, "first"]);
});

test("a request that needs a newer sign-in is not repeated", async () => {
  const sent: Request[] = [];
  const fetchRequest = async (request: Request) => {
    sent.push(request);
    const challenge = 'Bearer error="insufficient_user_authentication", max_age="300"';
    return new Response(null, { status: 401, headers: { "WWW-Authenticate": challenge } });
  };

  const response = await authorizedFetch(order(), tokens, fetchRequest);

  expect(response.status).toBe(401);
  expect(sent).toHaveLength(1);
});

test("a second rejection is the response", async () => {
  const { fetchRequest, received } = service(["first", "second"]);

  const response = await authorizedFetch(order(), tokens, fetchRequest);

  expect(response.status).toBe(401);
  expect(received).toHaveLength(2);
});

test("without an access token nothing is sent", async () => {
  const { fetchRequest, received } = service([]);
  const ended = new Error("session ended");

  const call = authorizedFetch(order(), () => Promise.reject(ended), fetchRequest);

  await expect(call).rejects.toBe(ended);
  expect(received).toEqual([]);
});
