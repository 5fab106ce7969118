/**
 * Returns an access token that is still valid.
 *
 * @param rejected A token that the service has just rejected: any other will do.
 */
type AccessTokens = (rejected?: string) => Promise<string>;

/**
 * Makes a `fetch` that sends an access token.
 *
 * If the service rejects the token all the same, the request is sent once more with another one.
 * This is a `fetch` rather than a middleware, because the first attempt would consume the body
 * that the second one needs.
 */
export function authorizedFetch(
  accessToken: AccessTokens,
  fetchRequest: (request: Request) => Promise<Response> = (request) => fetch(request),
): (request: Request) => Promise<Response> {
  function send(request: Request, token: string): Promise<Response> {
    const copy = request.clone();
    copy.headers.set("Authorization", `Bearer ${token}`);
    return fetchRequest(copy);
  }

  return async (request) => {
    const first = await accessToken();
    const response = await send(request, first);
    return isRejected(response) ? send(request, await accessToken(first)) : response;
  };
}

/** A sign-in that is too old for an operation (RFC 9470) is no fault of the token. */
function isRejected({ status, headers }: Response): boolean {
  const challenge = headers.get("WWW-Authenticate") ?? "";
  return status === 401 && !challenge.includes("insufficient_user_authentication");
}
