import { readRetryAfter } from "./retry-after";
import type { ProblemBody, ProblemCode } from "./types";

/** Why a call returned nothing: the service reported a problem, or there was no response. */
export type Failure = HttpProblem | NoResponse;

/** What is certain to be in a body that has the members `code` and `title`. */
type Problem = Pick<ProblemBody, "title"> &
  Partial<Pick<ProblemBody, "requestId" | "reason" | "errors">> & {
    code: ProblemCode | "unknown";
  };

/** Stands in for the body of a response that isn't the service's, such as a proxy's error page. */
const NO_PROBLEM: Problem = { code: "unknown", title: "Unexpected answer" };

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

  get code(): Problem["code"] {
    return this.problem.code;
  }
}

/**
 * The request or its response was lost. The service may or may not have processed it. A success
 * that is not what the service would have sent, such as a page of a hotel's network, counts as lost.
 */
export class NoResponse extends Error {}

type Result<T> = { data?: T | undefined; error?: unknown; response: Response };

/**
 * Waits for a call of a typed client and returns the body of the response.
 *
 * @param isExpected Whether a body has what the pages need of it.
 * @throws {HttpProblem} The response is not a success.
 * @throws {NoResponse} There was no response, or none that the service would have sent.
 */
export async function ask<T>(
  call: Promise<Result<T>>,
  isExpected: (body: unknown) => boolean,
): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw isFailure(cause) ? cause : new NoResponse("No response", { cause });
  });
  if (!response.ok) throw new HttpProblem(response, error);
  if (data === undefined || !isExpected(data)) throw new NoResponse("Unexpected response");
  return data;
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof HttpProblem || error instanceof NoResponse;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}
