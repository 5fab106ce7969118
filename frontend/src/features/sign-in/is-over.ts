import { HttpProblem } from "latchkey-session";

/** Whether the challenge of a login is no longer good. */
export const isOver = (error: unknown): error is HttpProblem =>
  error instanceof HttpProblem && error.code === "challenge_invalid";
