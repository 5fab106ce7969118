import type { Client } from "@/api/anonymous";
import { isAccessToken, isUser } from "@/api/bodies";
import { ask, type Failure, HttpProblem, isFailure, NoResponse } from "@/api/failure";
import { lookup } from "@/api/lookup";
import type { AccessToken, ProblemCode, User } from "@/api/types";

/** The outcome of asking the service for a new access token. */
export type Renewal =
  | { kind: "renewed"; token: AccessToken; user: User }
  | { kind: "ended"; failure: HttpProblem }
  | { kind: "postponed"; failure: Failure };

/**
 * How many attempts, and the timeout of each in milliseconds. A refresh whose response was lost may
 * have rotated the token; for ten seconds the service then gives a retry the same new token. All
 * attempts start within them.
 */
const ATTEMPTS = 3;
const TIMEOUT = 4_000;

/** Which problems of a refresh end the session. All others postpone the renewal. */
const ENDS_SESSION: Record<ProblemCode, boolean> = {
  refresh_token_missing: true,
  refresh_token_invalid: true,
  refresh_token_superseded: true, // every attempt was: the cookie here is no longer replaced
  session_ended: true,

  access_token_invalid: false,
  access_token_missing: false,
  already_bootstrapped: false,
  audience_unknown: false,
  bootstrap_disabled: false,
  content_too_large: false,
  email_taken: false,
  host_not_allowed: false,
  https_required: false,
  insufficient_role: false,
  internal_error: false,
  link_ended: false,
  link_invalid: false,
  mail_disabled: false,
  password_incorrect: false,
  too_many_mails: false,
  invalid_credentials: false,
  invalid_request: false,
  method_not_allowed: false,
  not_found: false,
  origin_not_allowed: false,
  password_hasher_busy: false,
  request_timeout: false,
  storage_unavailable: false,
  too_many_attempts: false,
  unsupported_media_type: false,
  uri_too_long: false,
  headers_too_large: false,
};

/** Requests a new access token and its user, whose identity or role may have changed meanwhile. */
export async function renew(client: Client): Promise<Renewal> {
  try {
    const token = await refresh(client, ATTEMPTS);
    return { kind: "renewed", token, user: await owner(client, token) };
  } catch (failure) {
    if (!isFailure(failure)) throw failure;
    return endsSession(failure) ? { kind: "ended", failure } : { kind: "postponed", failure };
  }
}

/**
 * Returns when to renew a token, in milliseconds from now: half a minute to a minute before it
 * expires, or earlier in proportion if it expires within two minutes.
 *
 * @param expiresIn In seconds.
 * @param jitter From 0 up to 1; keeps tabs from renewing all at once.
 */
export function renewalDelay(expiresIn: number, jitter = Math.random()): number {
  const margin = Math.min(30, expiresIn / 4) * (1 + jitter);
  return (expiresIn - margin) * 1_000;
}

async function refresh(client: Client, attempts: number): Promise<AccessToken> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    return await ask(client.POST("/api/auth/refresh", { signal }), isAccessToken);
  } catch (failure) {
    if (attempts > 1 && isWorthRepeating(failure)) return refresh(client, attempts - 1);
    throw failure;
  }
}

function owner(client: Client, token: AccessToken): Promise<User> {
  const headers = { Authorization: `Bearer ${token.accessToken}` };
  const signal = AbortSignal.timeout(TIMEOUT);
  return ask(client.GET("/api/auth/me", { headers, signal }), isUser);
}

/** Superseded: another tab rotated the token twice while this request was in flight. */
function isWorthRepeating(failure: unknown): boolean {
  if (failure instanceof NoResponse) return true;
  return failure instanceof HttpProblem && failure.code === "refresh_token_superseded";
}

function endsSession(failure: Failure): failure is HttpProblem {
  if (failure instanceof NoResponse) return false;
  return lookup(ENDS_SESSION, failure.code) ?? false;
}
