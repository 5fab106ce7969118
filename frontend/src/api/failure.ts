import { type Failure, HttpProblem, isFailure, NoResponse } from "latchkey-session";
import { PasskeyRefusal } from "./passkeys";

/** What the pages have words for: failures of the service, and refusals of the browser. */
export type AnyFailure = Failure | PasskeyRefusal;

export const isAnyFailure = (error: unknown): error is AnyFailure =>
  isFailure(error) || error instanceof PasskeyRefusal;

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
