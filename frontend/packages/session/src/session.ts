import { authorizedFetch } from "./authorized-fetch.ts";
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
  async completeEnrolment(enrolment: Enrolment): Promise<string[]> {
    return (await this.#enter(() => this.#service.completeEnrolment(enrolment))).recoveryCodes;
  }

  /**
   * Signs in with a challenge that has no factors, by adding a passkey that the browser has created;
   * returns and throws as `completeEnrolment`.
   */
  async completePasskeyEnrolment(enrolment: PasskeyEnrolment): Promise<string[]> {
    const enrol = () => this.#service.completePasskeyEnrolment(enrolment);
    return (await this.#enter(enrol)).recoveryCodes;
  }

  /**
   * Changes the password. The service ends the session and begins a new one, which other tabs renew.
   *
   * @throws {Failure} The password may or may not have been changed.
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
  async confirmFactor(confirmation: Confirmation): Promise<string[]> {
    const change = (token: string) => this.#service.confirmFactor(confirmation, token);
    return (await this.#replace(change)).recoveryCodes;
  }

  /** Replaces all recovery codes; returns and throws as `confirmFactor`. */
  async replaceRecoveryCodes(): Promise<string[]> {
    const change = (token: string) => this.#service.replaceRecoveryCodes(token);
    return (await this.#replace(change)).recoveryCodes;
  }

  /** Adds a passkey that the browser has created; returns and throws as `confirmFactor`. */
  async addPasskey(passkey: NewPasskey): Promise<string[]> {
    const change = (token: string) => this.#service.addPasskey(passkey, token);
    return (await this.#replace(change)).recoveryCodes;
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
    this.#check(new URL(request.url));
    return authorizedFetch((rejected) => this.accessToken(rejected))(request);
  }

  /**
   * Returns an access token that is valid for a while, and renews it first if necessary.
   *
   * @param rejected A token that the service has just rejected: any other will do.
   * @throws {Failure} There is none, or none at the moment.
   */
  accessToken(rejected?: string): Promise<string> {
    return this.#keeper.accessToken(rejected);
  }

  /** Asks the service for the session now, such as when a person does not want to wait. */
  restore(): void {
    this.#keeper.restore();
  }

  async #enter<T extends AccessToken & { user: User }>(login: () => Promise<T>): Promise<T> {
    return exclusively(async () => {
      const issued = await login();
      this.#keeper.begin(issued, issued.user);
      return issued;
    });
  }

  /** Makes a change that ends the session and begins a new one. */
  async #replace<T extends AccessToken>(change: (token: string) => Promise<T>): Promise<T> {
    const presented = await this.accessToken();
    const { state } = this;
    return exclusively(async () => {
      const issued = await change(presented);
      if (state.phase === "signedIn") this.#keeper.begin(issued, state.user);
      return issued;
    });
  }

  #check({ origin }: URL): void {
    const own = new URL(this.#baseUrl || location.href);
    if (origin !== own.origin && !this.#origins.has(origin)) {
      throw new TypeError(`${origin} must not see the access token`);
    }
  }
}
