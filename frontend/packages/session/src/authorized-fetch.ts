/**
 * Returns an access token that is still valid.
 *
 * @param rejected A token that the service has just rejected: any other will do.
 */
type AccessTokens = (rejected?: string) => Promise<string>;

/**
 * Sends a request with an access token.
 *
 * If the service rejects the token all the same, the request is sent once more with another one.
 * This is a `fetch` rather than a middleware, because the first attempt would consume the body
 * that the second one needs.
 */
export async function authorizedFetch(
  request: Request,
  accessToken: AccessTokens,
  fetchRequest: (request: Request) => Promise<Response> = (request) => fetch(request),
): Promise<Response> {
  const send = (token: string) => {
    const copy = request.clone();
    copy.headers.set("Authorization", `Bearer ${token}`);
    return fetchRequest(copy);
  };
  const first = await accessToken();
  const response = await send(first);
  return isRejected(response) ? send(await accessToken(first)) : response;
}

/** A sign-in that is too old for an operation (RFC 9470) is no fault of the token. */
function isRejected({ status, headers }: Response): boolean {
  const challenge = headers.get("WWW-Authenticate") ?? "";
  return status === 401 && !challenge.includes("insufficient_user_authentication");
}
