import {
  type Confirmation,
  type Credentials,
  type Enrolment,
  type PasswordChange,
  type SecondFactor,
  Session,
} from "latchkey-session";

/** The session of this tab. */
export const session = new Session();

export const start = (): (() => void) => session.start();
export const restore = (): void => session.restore();
export const signIn = (credentials: Credentials): Promise<void> => session.signIn(credentials);
export const completeSignIn = (proof: SecondFactor): Promise<void> => session.completeSignIn(proof);
export const completeEnrolment = (enrolment: Enrolment): Promise<string[]> =>
  session.completeEnrolment(enrolment);
export const signOut = (): Promise<void> => session.signOut();
export const changePassword = (change: PasswordChange): Promise<void> =>
  session.changePassword(change);
export const confirmFactor = (confirmation: Confirmation): Promise<string[]> =>
  session.confirmFactor(confirmation);
export const replaceRecoveryCodes = (): Promise<string[]> => session.replaceRecoveryCodes();
export const removeFactors = (): Promise<void> => session.removeFactors();
