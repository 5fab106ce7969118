import { accessToken } from "./session";

/**
 * A `fetch` that says who is asking.
 *
 * It renews the token before it sends if it's time, and once more if the service refuses it all the
 * same. This is a `fetch` and no middleware, because the body of a request that is sent a second
 * time must not be spent by the first.
 */
export async function authorizedFetch(request: Request): Promise<Response> {
  const first = await accessToken();
  const response = await send(request, first);
  if (response.status !== 401) return response;
  return send(request, await accessToken(first));
}

function send(request: Request, token: string): Promise<Response> {
  const copy = request.clone();
  copy.headers.set("Authorization", `Bearer ${token}`);
  return fetch(copy);
}
