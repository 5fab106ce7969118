import { authorizedFetch } from "./authorized-fetch.ts";
import type { Failure, HttpProblem } from "./failure.ts";
import { HeldToken } from "./held-token.ts";
import { confirmNote, onNoteChange, readNote, removeNote, UNREADABLE, writeNote } from "./note.ts";
import { type Renewal, renew } from "./renewal.ts";
import { LONGEST_TIMER, retryDelay } from "./retry.ts";
import {
  type AccessToken,
  type Confirmation,
  type Credentials,
  type Enrolment,
  type PasswordChange,
  type SecondFactor,
  Service,
  type User,
} from "./service.ts";
import { type Ending, STARTING, type State } from "./state.ts";
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
  readonly #origins: ReadonlySet<string>;
  readonly #listeners = new Set<() => void>();
  #state = STARTING;
  /** The access token is kept in this field and nowhere else. */
  #token: HeldToken | null = null;
  #renewal: Promise<Renewal> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor({ baseUrl = "", origins = [] }: Options = {}) {
    this.#baseUrl = baseUrl;
    this.#service = new Service(baseUrl);
    this.#origins = new Set(origins);
  }

  /** Who is signed in, as far as is known. */
  get state(): State {
    return this.#state;
  }

  /** Calls a listener at each change of the state, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps this tab's session renewed, until the returned function is called. */
  start(): () => void {
    const stopped = new AbortController();
    const { signal } = stopped;
    const stopListening = onNoteChange(() => this.#hear());
    const wake = () => this.#wake();
    document.addEventListener("visibilitychange", wake, { signal });
    window.addEventListener("online", wake, { signal });
    window.addEventListener("pagehide", (event) => this.#leave(event), { signal });
    window.addEventListener("pageshow", (event) => this.#comeBack(event), { signal });
    this.#restoreIfNoted();
    return () => {
      stopped.abort();
      stopListening();
      clearTimeout(this.#timer);
    };
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
   * Signs in with a challenge that has no factors, by adding the authenticator app that the code is
   * of; returns recovery codes, which nobody can see again, and throws as `completeSignIn`.
   */
  async completeEnrolment(enrolment: Enrolment): Promise<string[]> {
    return (await this.#enter(() => this.#service.completeEnrolment(enrolment))).recoveryCodes;
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

  /** Removes the authenticator app and the recovery codes; throws as `confirmFactor`. */
  async removeFactors(): Promise<void> {
    await this.#replace((token) => this.#service.removeFactors(token));
  }

  /** @throws {Failure} The session may or may not have ended; here it continues. */
  async signOut(): Promise<void> {
    await exclusively(async () => {
      await this.#service.logout();
      removeNote();
      this.#end(null);
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
  async accessToken(rejected?: string): Promise<string> {
    if (this.#token && this.#dueIn() > 0 && this.#token.value !== rejected) {
      return this.#token.value;
    }
    const outcome = await this.#renewOnce();
    if (outcome.kind !== "renewed") throw outcome.failure;
    return outcome.token.accessToken;
  }

  /** Asks the service for the session now, such as when a person does not want to wait. */
  restore(): void {
    void this.#renewOnce();
  }

  async #enter<T extends AccessToken & { user: User }>(login: () => Promise<T>): Promise<T> {
    return exclusively(async () => {
      const issued = await login();
      writeNote();
      this.#begin(issued, issued.user);
      return issued;
    });
  }

  /** Makes a change that ends the session and begins a new one. */
  async #replace<T extends AccessToken>(change: (token: string) => Promise<T>): Promise<T> {
    const presented = await this.accessToken();
    const state = this.#state;
    return exclusively(async () => {
      const issued = await change(presented);
      writeNote();
      if (state.phase === "signedIn") this.#begin(issued, state.user);
      return issued;
    });
  }

  #check({ origin }: URL): void {
    const own = new URL(this.#baseUrl || location.href);
    if (origin !== own.origin && !this.#origins.has(origin)) {
      throw new TypeError(`${origin} must not see the access token`);
    }
  }

  /** Renews the token. Concurrent calls share one renewal. */
  #renewOnce(): Promise<Renewal> {
    this.#renewal ??= exclusively(async () => {
      const note = readNote();
      return this.#apply(await renew(this.#service), note);
    }).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Asks the service for the session, unless it is noted that there is none. */
  #restoreIfNoted(): void {
    if (readNote() === null) {
      this.#end(null);
    } else {
      if (this.#state.phase === "starting") this.#forget();
      this.restore();
    }
  }

  /** Another tab has signed in or out, or has seen the session end. */
  #hear(): void {
    if (readNote() !== null || this.#state.phase !== "signedOut") this.restore();
  }

  /** @param note What was noted before the renewal. */
  #apply(outcome: Renewal, note: string | null): Renewal {
    if (outcome.kind === "renewed") {
      confirmNote();
      this.#begin(outcome.token, outcome.user);
    }
    if (outcome.kind === "ended") {
      removeNote(note);
      this.#endBecause(outcome.failure, note);
    }
    if (outcome.kind === "postponed") this.#postpone(outcome.failure);
    return outcome;
  }

  #begin(issued: AccessToken, user: User): void {
    this.#failures = 0;
    this.#token = new HeldToken(issued);
    this.#change({ phase: "signedIn", user, failure: null });
    this.#wakeIn(this.#dueIn());
  }

  #endBecause(problem: HttpProblem, note: string | null): void {
    const wasMissing = problem.code === "refresh_token_missing";
    // where nothing can be noted, most visitors without a cookie had no session that could have ended
    const isVisitor = wasMissing && note === UNREADABLE && this.#state.phase === "restoring";
    this.#end(isVisitor ? null : { problem, isKnown: note === null });
  }

  #end(ending: Ending | null): void {
    this.#failures = 0;
    this.#token = null;
    clearTimeout(this.#timer);
    if (this.#state.phase !== "signedOut") this.#change({ phase: "signedOut", ending });
  }

  #postpone(failure: Failure): void {
    const before = this.#state;
    if (before.phase === "restoring" || before.phase === "signedIn") {
      this.#change({ ...before, failure });
    }
    this.#wakeIn(retryDelay(failure, this.#failures++));
  }

  /** Returns when the token has to be renewed, in milliseconds; 0 or less if that is now. */
  #dueIn(): number {
    return this.#token?.dueIn() ?? 0;
  }

  /** Renews if it's time, or sets the timer anew: timers stop while a computer sleeps. */
  #wake(): void {
    // a hidden tab waits until it is visible again
    if (document.hidden || this.#state.phase === "signedOut") return;
    if (this.#dueIn() > 0 && this.#failures === 0) this.#wakeIn(this.#dueIn());
    else this.restore();
  }

  #wakeIn(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wake(), Math.min(delay, LONGEST_TIMER));
  }

  /** The browser may keep the page for its back button. It must not keep personal data with it. */
  #leave(event: PageTransitionEvent): void {
    if (!event.persisted) return;
    this.#token = null;
    this.#forget();
  }

  #comeBack(event: PageTransitionEvent): void {
    if (event.persisted) this.#restoreIfNoted();
  }

  /** Forgets who is signed in, until the service says so again. */
  #forget(): void {
    this.#change({ phase: "restoring", failure: null });
  }

  #change(next: State): void {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
