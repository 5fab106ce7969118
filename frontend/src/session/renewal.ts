import { anonymous } from "@/api/client";
import { ask, type Failure, isFailure, NoAnswer, Refusal } from "@/api/failure";
import type { AccessToken, User } from "@/api/types";

/** What came of asking the service for a new access token. */
export type Renewal =
  | { kind: "renewed"; token: AccessToken; user: User }
  | { kind: "ended"; failure: Refusal }
  | { kind: "postponed"; failure: Failure };

/**
 * How often, and how long each time. A refresh whose answer got lost may have rotated the token;
 * for ten seconds the service then answers a repetition as it answered the first. All three fit.
 */
const ATTEMPTS = 3;
const PATIENCE = 4_000;

const OVER = new Set([
  "refresh_token_missing",
  "refresh_token_invalid",
  "refresh_token_superseded",
  "session_ended",
]);

/** Asks for a new access token, and whose it is: person or role may have changed meanwhile. */
export async function renew(): Promise<Renewal> {
  try {
    const token = await refresh(ATTEMPTS);
    return { kind: "renewed", token, user: await owner(token) };
  } catch (failure) {
    if (!isFailure(failure)) throw failure;
    // nothing but the service's definite no to a refresh ends a session
    return isDefinite(failure) ? { kind: "ended", failure } : { kind: "postponed", failure };
  }
}

async function refresh(attempts: number): Promise<AccessToken> {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return await ask(anonymous.POST("/api/auth/refresh", { signal }));
  } catch (failure) {
    if (attempts > 1 && isWorthRepeating(failure)) return refresh(attempts - 1);
    throw failure;
  }
}

function owner(token: AccessToken): Promise<User> {
  const headers = { Authorization: `Bearer ${token.accessToken}` };
  return ask(anonymous.GET("/api/auth/me", { headers, signal: AbortSignal.timeout(PATIENCE) }));
}

/** Superseded: another tab rotated the token twice while this request was on its way. */
function isWorthRepeating(failure: unknown): boolean {
  if (failure instanceof NoAnswer) return true;
  return failure instanceof Refusal && failure.code === "refresh_token_superseded";
}

function isDefinite(failure: Failure): failure is Refusal {
  return failure instanceof Refusal && failure.status === 401 && OVER.has(failure.code);
}
