/** Why a call gave nothing: the service refused it, or there was no answer at all. */
export type Failure = Refusal | NoAnswer;

/** One thing that is wrong with one field of what was sent. */
export type Violation = { field: string; message: string };

type Problem = {
  code: string;
  title: string;
  detail?: string;
  reason?: string;
  requestId?: string;
  errors?: Violation[];
};

/** An answer that is no success, as the `application/problem+json` that it carries (RFC 9457). */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** Milliseconds that the service asks us to wait, if it does. */
  readonly retryAfter: number | null;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : { code: "unknown", title: "Unexpected answer" };
    super(problem.title);
    this.status = response.status;
    this.problem = problem;
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    this.retryAfter = Number.isNaN(seconds) ? null : seconds * 1000;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** The request or its answer was lost: whether the service did anything isn't known. */
export class NoAnswer extends Error {}

type Answer<T> = { data?: T | undefined; error?: unknown; response: Response };

/**
 * Waits for a call of the typed client and gives its body.
 *
 * @throws {Refusal} The service answered, but not with success.
 * @throws {NoAnswer} It didn't answer.
 */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw isFailure(cause) ? cause : new NoAnswer("No answer", { cause });
  });
  if (!response.ok || data === undefined) throw new Refusal(response, error);
  return data;
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof Refusal || error instanceof NoAnswer;
}

/** Whether the same call may well succeed a little later, with nothing changed. */
export function isPassing(failure: unknown): boolean {
  if (failure instanceof NoAnswer) return true;
  return failure instanceof Refusal && [429, 502, 503, 504].includes(failure.status);
}

/**
 * How long to wait before trying again, in milliseconds: what the service asks for, or else twice
 * as long each time up to half a minute; up to a second more, so that not everybody is back at once.
 */
export function pause(failure: unknown, attempt: number): number {
  const asked = failure instanceof Refusal ? failure.retryAfter : null;
  return (asked ?? Math.min(30_000, 1_000 * 2 ** attempt)) + Math.random() * 1_000;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}
