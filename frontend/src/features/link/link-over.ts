import { type Failure, HttpProblem } from "latchkey-session";

/** Returns whether a failure means that a link will never work. */
export const isOver = (failure: Failure): boolean =>
  failure instanceof HttpProblem && ["link_ended", "link_invalid"].includes(failure.code);
