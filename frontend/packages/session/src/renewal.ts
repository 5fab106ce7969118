import { type Failure, HttpProblem, isFailure, NoResponse } from "./failure.ts";
import type { AccessToken, Service, User } from "./service.ts";

/** The outcome of asking the service for a new access token. */
export type Renewal =
  | { kind: "renewed"; token: AccessToken; user: User }
  | { kind: "ended"; failure: HttpProblem }
  | { kind: "postponed"; failure: Failure };

const ATTEMPTS = 3;

/** Another tab rotated the token twice while this request was in flight. */
const SUPERSEDED = "refresh_token_superseded";

/** Which problems of a refresh end the session. All others postpone the renewal. */
export const ENDS_SESSION: ReadonlySet<string> = new Set([
  "refresh_token_missing",
  "refresh_token_invalid",
  "session_ended",
  SUPERSEDED, // every attempt was: the cookie here is no longer replaced
]);

/** Requests a new access token and its user, whose identity or role may have changed meanwhile. */
export async function renew(service: Service): Promise<Renewal> {
  try {
    const token = await refresh(service, ATTEMPTS);
    return { kind: "renewed", token, user: await service.user(token) };
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

async function refresh(service: Service, attempts: number): Promise<AccessToken> {
  try {
    return await service.refresh();
  } catch (failure) {
    if (attempts > 1 && isWorthRepeating(failure)) return refresh(service, attempts - 1);
    throw failure;
  }
}

function isWorthRepeating(failure: unknown): boolean {
  return (
    failure instanceof NoResponse || (failure instanceof HttpProblem && failure.code === SUPERSEDED)
  );
}

function endsSession(failure: Failure): failure is HttpProblem {
  return failure instanceof HttpProblem && failure.status === 401 && ENDS_SESSION.has(failure.code);
}
