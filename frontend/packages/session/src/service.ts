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
    return this.#post("login", LONG_TIMEOUT, isLogin, json(credentials));
  }

  /** Callers may pass on more than the members of a proof. */
  completeLogin(proof: SecondFactor): Promise<AccessToken & { user: User }> {
    const { challenge, factor, code, rememberDevice } = proof;
    const body = { challenge, factor, code, rememberDevice };
    return this.#post("login/second-factor", LONG_TIMEOUT, isLogin, json(body));
  }

  loginWithPasskey({ credential }: Passkey): Promise<AccessToken & { user: User }> {
    return this.#post("login/passkey", LONG_TIMEOUT, isLogin, json({ credential }));
  }

  completeEnrolment(enrolment: Enrolment): Promise<EnrolledLogin> {
    return this.#post("login/enrolment/confirm", LONG_TIMEOUT, isEnrolled, json(enrolment));
  }

  completePasskeyEnrolment(enrolment: PasskeyEnrolment): Promise<EnrolledLogin> {
    return this.#post("login/enrolment/passkeys", LONG_TIMEOUT, isEnrolled, json(enrolment));
  }

  changePassword(change: PasswordChange, token: string): Promise<AccessToken> {
    return this.#post("password", LONG_TIMEOUT, isAccessToken, json(change, bearer(token)));
  }

  confirmFactor(confirmed: Confirmation, token: string): Promise<AccessToken & RecoveryCodes> {
    const init = json(confirmed, bearer(token));
    return this.#post("factors/totp/confirm", LONG_TIMEOUT, isWithCodes, init);
  }

  addPasskey(added: NewPasskey, token: string): Promise<AccessToken & RecoveryCodes> {
    return this.#post("factors/passkeys", LONG_TIMEOUT, isWithCodes, json(added, bearer(token)));
  }

  removePasskey(id: string, token: string): Promise<AccessToken> {
    const path = `factors/passkeys/${encodeURIComponent(id)}/remove`;
    return this.#post(path, LONG_TIMEOUT, isAccessToken, { headers: bearer(token) });
  }

  replaceRecoveryCodes(token: string): Promise<AccessToken & RecoveryCodes> {
    const init = { headers: bearer(token) };
    return this.#post("factors/recovery-codes", LONG_TIMEOUT, isWithCodes, init);
  }

  removeFactors(token: string): Promise<AccessToken> {
    return this.#post("factors/remove", LONG_TIMEOUT, isAccessToken, { headers: bearer(token) });
  }

  refresh(): Promise<AccessToken> {
    return this.#post("refresh", TIMEOUT, isAccessToken);
  }

  async logout(): Promise<void> {
    const init = { keepalive: true }; // whoever signs out may close the page at once
    await this.#post("logout", LOGOUT_TIMEOUT, (body) => hasTexts(body, "message"), init);
  }

  user({ accessToken }: AccessToken): Promise<User> {
    return this.#ask("me", TIMEOUT, isUser, { headers: bearer(accessToken) });
  }

  #post<T>(
    name: string,
    timeout: number,
    isExpected: (body: unknown) => boolean,
    init: RequestInit = {},
  ): Promise<T> {
    return this.#ask(name, timeout, isExpected, { ...init, method: "POST" });
  }

  async #ask<T>(
    name: string,
    timeout: number,
    isExpected: (body: unknown) => boolean,
    init: RequestInit,
  ): Promise<T> {
    try {
      const response = await this.#send(`${this.#baseUrl}/api/auth/${name}`, {
        ...init,
        credentials: this.#baseUrl ? "include" : "same-origin",
        signal: AbortSignal.timeout(timeout),
      });
      const body = await parsed(response);
      if (!response.ok) throw new HttpProblem(response, body);
      if (!isExpected(body)) throw new NoResponse("Unexpected response");
      return body as T;
    } catch (cause) {
      if (isFailure(cause)) throw cause;
      throw new NoResponse("No response", { cause });
    }
  }
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  body: JSON.stringify(body),
  headers: { ...headers, "Content-Type": "application/json" },
});

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
