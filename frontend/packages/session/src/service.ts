import { HttpProblem, isFailure, NoResponse } from "./failure.ts";

export type AccessToken = { accessToken: string; expiresIn: number };
export type User = { id: string; email: string; name: string; role: "ADMIN" | "USER" };
/** `askSecondFactor` asks for a second factor on a remembered device, too. */
export type Credentials = { email: string; password: string; askSecondFactor?: boolean };
/**
 * `code` is passed on as typed: blanks don't matter. `rememberDevice` makes the password enough on
 * this device from now on.
 */
export type SecondFactor = {
  challenge: string;
  factor: "totp" | "recovery_code";
  code: string;
  rememberDevice?: boolean;
};
/** `id` is of the authenticator app that was begun. */
export type Confirmation = { id: string; code: string };
export type Enrolment = Confirmation & { challenge: string };
/** `credential` is what `toJSON` of the browser's credential returns. */
export type Passkey = { credential: object };
/** `name` is what the user calls the passkey. */
export type NewPasskey = Passkey & { name: string };
export type PasskeyEnrolment = NewPasskey & { challenge: string };
export type RecoveryCodes = { recoveryCodes: string[] };
export type PasswordChange = { currentPassword: string; newPassword: string };

/**
 * In milliseconds. A password may wait in a queue, and a code works once; nobody waits that long to
 * sign out.
 */
const LONG_TIMEOUT = 30_000;
const LOGOUT_TIMEOUT = 8_000;

/**
 * In milliseconds. A refresh whose response was lost may have rotated the token; for ten seconds the
 * service then gives a retry the same new token. Three attempts with this timeout start within them.
 */
const TIMEOUT = 4_000;

type EnrolledLogin = AccessToken & RecoveryCodes & { user: User };
/** What a request consists of besides its path; by default it is a POST that may take long. */
type Details = {
  method?: string;
  token?: string;
  body?: object;
  timeout?: number;
  keepalive?: boolean;
};
type Members = Record<string, unknown>;
type Send = (url: string, init: RequestInit) => Promise<Response>;

/**
 * The operations on a session.
 *
 * They throw `HttpProblem` if the response is not a success, and `NoResponse` if there was none, or
 * none that the service would have sent.
 */
export class Service {
  readonly #baseUrl: string;
  readonly #send: Send;

  /** @param baseUrl Empty if the pages and the service have one origin. */
  constructor(baseUrl: string, send: Send = (url, init) => fetch(url, init)) {
    this.#baseUrl = baseUrl;
    this.#send = send;
  }

  login(credentials: Credentials): Promise<AccessToken & { user: User }> {
    return this.#ask("login", isLogin, { body: credentials });
  }

  /** Callers may pass on more than the members of a proof. */
  completeLogin(proof: SecondFactor): Promise<AccessToken & { user: User }> {
    const { challenge, factor, code, rememberDevice } = proof;
    const body = { challenge, factor, code, rememberDevice };
    return this.#ask("login/second-factor", isLogin, { body });
  }

  loginWithPasskey({ credential }: Passkey): Promise<AccessToken & { user: User }> {
    return this.#ask("login/passkey", isLogin, { body: { credential } });
  }

  completeEnrolment(enrolment: Enrolment): Promise<EnrolledLogin> {
    return this.#ask("login/enrolment/confirm", isEnrolled, { body: enrolment });
  }

  completePasskeyEnrolment(enrolment: PasskeyEnrolment): Promise<EnrolledLogin> {
    return this.#ask("login/enrolment/passkeys", isEnrolled, { body: enrolment });
  }

  changePassword(change: PasswordChange, token: string): Promise<AccessToken> {
    return this.#ask("password", isAccessToken, { token, body: change });
  }

  confirmFactor(confirmed: Confirmation, token: string): Promise<AccessToken & RecoveryCodes> {
    return this.#ask("factors/totp/confirm", isWithCodes, { token, body: confirmed });
  }

  addPasskey(added: NewPasskey, token: string): Promise<AccessToken & RecoveryCodes> {
    return this.#ask("factors/passkeys", isWithCodes, { token, body: added });
  }

  removePasskey(id: string, token: string): Promise<AccessToken> {
    const path = `factors/passkeys/${encodeURIComponent(id)}/remove`;
    return this.#ask(path, isAccessToken, { token });
  }

  replaceRecoveryCodes(token: string): Promise<AccessToken & RecoveryCodes> {
    return this.#ask("factors/recovery-codes", isWithCodes, { token });
  }

  removeFactors(token: string): Promise<AccessToken> {
    return this.#ask("factors/remove", isAccessToken, { token });
  }

  refresh(): Promise<AccessToken> {
    return this.#ask("refresh", isAccessToken, { timeout: TIMEOUT });
  }

  async logout(): Promise<void> {
    // whoever signs out may close the page at once
    const details = { keepalive: true, timeout: LOGOUT_TIMEOUT };
    await this.#ask("logout", (body) => hasTexts(body, "message"), details);
  }

  user({ accessToken: token }: AccessToken): Promise<User> {
    return this.#ask("me", isUser, { method: "GET", token, timeout: TIMEOUT });
  }

  async #ask<T>(
    path: string,
    isExpected: (body: unknown) => boolean,
    { token, body, timeout = LONG_TIMEOUT, ...others }: Details,
  ): Promise<T> {
    try {
      const response = await this.#send(`${this.#baseUrl}/api/auth/${path}`, {
        method: "POST",
        ...others,
        ...(body && { body: JSON.stringify(body) }),
        headers: {
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(body && { "Content-Type": "application/json" }),
        },
        credentials: this.#baseUrl ? "include" : "same-origin",
        signal: AbortSignal.timeout(timeout),
      });
      const received = await parsed(response);
      if (!response.ok) throw new HttpProblem(response, received);
      if (!isExpected(received)) throw new NoResponse("Unexpected response");
      return received as T;
    } catch (cause) {
      if (isFailure(cause)) throw cause;
      throw new NoResponse("No response", { cause });
    }
  }
}

/** Reads a body that is JSON by its media type; anything else is none of the service's. */
async function parsed(response: Response): Promise<unknown> {
  const [type] = (response.headers.get("Content-Type") ?? "").split(";");
  const isExpected = type === (response.ok ? "application/json" : "application/problem+json");
  const text = await response.text();
  try {
    return isExpected ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

const hasTexts = (body: unknown, ...names: string[]): body is Members =>
  typeof body === "object" &&
  body !== null &&
  names.every((name) => typeof (body as Members)[name] === "string");

const isAccessToken = (body: unknown): body is Members =>
  hasTexts(body, "accessToken") && Number.isFinite(body.expiresIn) && Number(body.expiresIn) > 0;

const isUser = (body: unknown): boolean => hasTexts(body, "id", "email", "name", "role");

const isLogin = (body: unknown): boolean => isAccessToken(body) && isUser(body.user);

const isEnrolled = (body: unknown): boolean => isLogin(body) && isWithCodes(body);

const isWithCodes = (body: unknown): boolean =>
  isAccessToken(body) &&
  Array.isArray(body.recoveryCodes) &&
  body.recoveryCodes.every((code) => typeof code === "string");
