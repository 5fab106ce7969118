import { authorizedFetch } from "./authorized-fetch.ts";
import { type HttpProblem, isLost } from "./failure.ts";
import { Keeper } from "./keeper.ts";
import {
  type AccessToken,
  type Confirmation,
  type Credentials,
  type Enrolment,
  type NewPasskey,
  type Passkey,
  type PasskeyEnrolment,
  type PasswordChange,
  type RecoveryCodes,
  type SecondFactor,
  Service,
  type User,
} from "./service.ts";
import type { State } from "./state.ts";
import { exclusively } from "./tabs.ts";

export type Options = {
  /** The service's address, without a path; by default the page's own origin. */
  baseUrl?: string;
  /** Other origins that may see the access token. */
  origins?: readonly string[];
};

type Issued = AccessToken & Partial<RecoveryCodes>;

/** The session of one tab. A page makes one. */
export class Session {
  readonly #baseUrl: string;
  readonly #service: Service;
  readonly #keeper: Keeper;
  readonly #origins: ReadonlySet<string>;

  constructor({ baseUrl = "", origins = [] }: Options = {}) {
    this.#baseUrl = baseUrl;
    this.#service = new Service(baseUrl);
    this.#keeper = new Keeper(this.#service);
    this.#origins = new Set(origins);
  }

  /** Who is signed in, as far as is known. */
  get state(): State {
    return this.#keeper.state;
  }

  /** Calls a listener at each change of the state, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    return this.#keeper.subscribe(listener);
  }

  /** Keeps this tab's session renewed, until the returned function is called. */
  start(): () => void {
    return this.#keeper.start();
  }

  /**
   * @throws {Failure} The sign-in failed, and nothing has changed. If it lacks a second factor,
   *   `challengeOf(failure)` is what `completeSignIn` needs.
   */
  async signIn(credentials: Credentials): Promise<void> {
    await this.#enter(() => this.#service.login(credentials));
  }

  /**
   * @throws {Failure} The sign-in failed, and nothing has changed. After `second_factor_invalid`, the
   *   same challenge takes another code; after `challenge_invalid`, only `signIn` helps.
   */
  async completeSignIn(proof: SecondFactor): Promise<void> {
    await this.#enter(() => this.#service.completeLogin(proof));
  }

  /**
   * Signs in with a passkey alone.
   *
   * @throws {Failure} The sign-in failed, and nothing has changed. After `challenge_invalid`, repeat
   *   it with other options; after `passkey_unknown`, the browser should forget the passkey.
   */
  async signInWithPasskey(passkey: Passkey): Promise<void> {
    await this.#enter(() => this.#service.loginWithPasskey(passkey));
  }

  /**
   * Signs in with a challenge that has no factors, by adding the authenticator app that the code is
   * of; returns recovery codes, which nobody can see again, and throws as `completeSignIn`.
   */
  completeEnrolment(enrolment: Enrolment): Promise<string[]> {
    return this.#enter(() => this.#service.completeEnrolment(enrolment));
  }

  /**
   * Signs in with a challenge that has no factors, by adding a passkey that the browser has created;
   * returns and throws as `completeEnrolment`.
   */
  completePasskeyEnrolment(enrolment: PasskeyEnrolment): Promise<string[]> {
    return this.#enter(() => this.#service.completePasskeyEnrolment(enrolment));
  }

  /**
   * Changes the password. The service ends the session and begins a new one, which other tabs renew.
   *
   * @throws {Failure} The password may or may not have been changed. After a lost response, the
   *   service was asked: if the session is revoked, the password was changed.
   */
  async changePassword(change: PasswordChange): Promise<void> {
    await this.#replace((token) => this.#service.changePassword(change, token));
  }

  /**
   * Adds the authenticator app that the code is of. Like all changes of second factors, this ends the
   * session and begins a new one.
   *
   * @returns New recovery codes, which nobody can see again; none if the earlier ones stay good.
   * @throws {Failure} After `reauthentication_required`, sign in again and repeat the call.
   */
  confirmFactor(confirmation: Confirmation): Promise<string[]> {
    return this.#replace((token) => this.#service.confirmFactor(confirmation, token));
  }

  /** Replaces all recovery codes; returns and throws as `confirmFactor`. */
  replaceRecoveryCodes(): Promise<string[]> {
    return this.#replace((token) => this.#service.replaceRecoveryCodes(token));
  }

  /** Adds a passkey that the browser has created; returns and throws as `confirmFactor`. */
  addPasskey(passkey: NewPasskey): Promise<string[]> {
    return this.#replace((token) => this.#service.addPasskey(passkey, token));
  }

  /** Removes one passkey, and with the last factor the recovery codes; throws as `confirmFactor`. */
  async removePasskey(id: string): Promise<void> {
    await this.#replace((token) => this.#service.removePasskey(id, token));
  }

  /** Removes all second factors and the recovery codes; throws as `confirmFactor`. */
  async removeFactors(): Promise<void> {
    await this.#replace((token) => this.#service.removeFactors(token));
  }

  /** @throws {Failure} The session may or may not have ended; here it continues. */
  async signOut(): Promise<void> {
    await exclusively(async () => {
      await this.#service.logout();
      this.#keeper.end();
    });
  }

  /**
   * Sends a request with an access token. If the service rejects the token, the request is sent
   * once more with another one.
   *
   * @throws {TypeError} The request is for an origin that must not see the token.
   * @throws {Failure} There is no token, or none at the moment. Nothing was sent.
   */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    this.#check(request);
    return authorizedFetch(request, (rejected) => this.accessToken(rejected));
  }

  /**
   * Returns an access token that is valid for a while, and renews it first if necessary. Nothing is
   * sent while a renewal is postponed: it fails as the last one did.
   *
   * @param rejected A token that the service has just rejected: any other will do.
   * @throws {Failure} There is none, or none at the moment.
   */
  accessToken(rejected?: string): Promise<string> {
    return this.#keeper.accessToken(rejected);
  }

  /** Asks the service for the session now, also while it has asked to wait: for a person only. */
  restore(): void {
    void this.#keeper.restore();
  }

  /** Begins a session; returns the recovery codes that came with it. */
  #enter(login: () => Promise<Issued & { user: User }>): Promise<string[]> {
    return exclusively(async () => {
      const issued = await login();
      this.#keeper.begin(issued, issued.user);
      return issued.recoveryCodes ?? [];
    });
  }

  /**
   * Makes a change that ends the session and begins a new one. It is repeated once if the service
   * rejects the token. If the response is lost, the service is asked for the session: if that has
   * ended, the change was made.
   */
  async #replace(change: (token: string) => Promise<Issued>, rejected?: string): Promise<string[]> {
    const presented = await this.accessToken(rejected);
    const { state } = this;
    try {
      return await exclusively(async () => {
        const issued = await change(presented);
        if (state.phase === "signedIn") this.#keeper.begin(issued, state.user);
        return issued.recoveryCodes ?? [];
      });
    } catch (failure) {
      const { code } = failure as Partial<HttpProblem>;
      if (code === "access_token_invalid" && !rejected) return this.#replace(change, presented);
      if (isLost(failure)) await this.#keeper.restore();
      throw failure;
    }
  }

  #check({ url }: Request): void {
    const { origin } = new URL(url);
    const own = new URL(this.#baseUrl || location.href);
    if (origin !== own.origin && !this.#origins.has(origin)) {
      throw new TypeError(`${origin} must not see the access token`);
    }
  }
}
