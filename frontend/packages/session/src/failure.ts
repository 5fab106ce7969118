import { readRetryAfter } from "./retry-after.ts";

/** Why a call returned nothing: the service reported a problem, or there was no response. */
export type Failure = HttpProblem | NoResponse;

/** What is certain to be in a body that has the members `code` and `title` (RFC 9457). */
export type Problem = {
  /** What clients branch on; "unknown" if the response is not the service's. */
  code: string;
  title: string;
  requestId?: string;
  /** Why the session ended. */
  reason?: string | null;
  errors?: { field: string; message: string }[] | null;
  challenge?: unknown;
  factors?: unknown;
  rememberDeviceFor?: unknown;
};

/**
 * What a sign-in with a right password needs besides. It is good for some minutes; keep it in memory
 * only.
 */
export type Challenge = {
  challenge: string;
  /** What the user can answer with, such as "totp" and "recovery_code". */
  factors: string[];
  /** For how many seconds the device can be remembered; null if it cannot. */
  rememberDeviceFor: number | null;
};

/** Stands in for the body of a response that isn't the service's, such as a proxy's error page. */
const NO_PROBLEM: Problem = { code: "unknown", title: "Unexpected response" };

/** An unsuccessful response, with its `application/problem+json` body (RFC 9457). */
export class HttpProblem extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** How long the service asks clients to wait, in milliseconds; null if it doesn't say. */
  readonly retryAfter: number | null;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : NO_PROBLEM;
    super(problem.title);
    this.status = response.status;
    this.problem = problem;
    this.retryAfter = readRetryAfter(response.headers);
  }

  get code(): string {
    return this.problem.code;
  }
}

/**
 * The request or its response was lost. The service may or may not have processed it. A success
 * that is not what the service would have sent, such as a page of a hotel's network, counts as lost.
 */
export class NoResponse extends Error {}

/** Whether the service may have done what was asked: its response was lost, or a proxy's came. */
export function isLost(error: unknown): boolean {
  if (error instanceof HttpProblem) return error.problem === NO_PROBLEM && error.status > 499;
  return error instanceof NoResponse;
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof HttpProblem || error instanceof NoResponse;
}

/** Returns the challenge of a sign-in that lacks the second factor; null for any other error. */
export function challengeOf(error: unknown): Challenge | null {
  if (!(error instanceof HttpProblem) || error.code !== "second_factor_required") return null;
  const { challenge, factors, rememberDeviceFor } = error.problem;
  if (typeof challenge !== "string" || !Array.isArray(factors)) return null;
  return { challenge, factors, rememberDeviceFor: Number(rememberDeviceFor) || null };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}
