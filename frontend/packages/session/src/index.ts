export {
  type Challenge,
  challengeOf,
  type Failure,
  HttpProblem,
  isFailure,
  isLost,
  NoResponse,
  type Problem,
} from "./failure.ts";
export { MARK_NOTED } from "./note.ts";
export { isTransient, retryDelay } from "./retry.ts";
export type {
  Confirmation,
  Credentials,
  Enrolment,
  NewPasskey,
  Passkey,
  PasskeyEnrolment,
  PasswordChange,
  SecondFactor,
  User,
} from "./service.ts";
export { type Options, Session } from "./session.ts";
export type { Ending, State } from "./state.ts";
