import {
  type Credentials,
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
export const signOut = (): Promise<void> => session.signOut();
export const changePassword = (change: PasswordChange): Promise<void> =>
  session.changePassword(change);
