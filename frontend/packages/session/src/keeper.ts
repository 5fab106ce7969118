import { countdown } from "./countdown.ts";
import { type Failure, HttpProblem } from "./failure.ts";
import { confirmNote, onNoteChange, readNote, removeNote, UNREADABLE, writeNote } from "./note.ts";
import { type Renewal, renew, renewalDelay } from "./renewal.ts";
import { LONGEST_TIMER, retryDelay } from "./retry.ts";
import type { AccessToken, Service, User } from "./service.ts";
import type { Ending, State } from "./state.ts";
import { exclusively } from "./tabs.ts";

/** Keeps the session of one tab: its state, its access token, and when to renew it. */
export class Keeper {
  readonly #service: Service;
  readonly #listeners = new Set<() => void>();
  #state: State = { phase: "starting" };
  /** The access token is kept in this field and nowhere else. */
  #token: string | null = null;
  #dueIn = countdown(0);
  /** Why the last renewal failed; null if it didn't. */
  #failure: Failure | null = null;
  #failures = 0;
  #retryIn = countdown(0);
  #renewal: Promise<Renewal> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(service: Service) {
    this.#service = service;
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
    onNoteChange(() => this.#hear(), signal);
    const wake = () => this.#wake();
    document.addEventListener("visibilitychange", wake, { signal });
    window.addEventListener("online", wake, { signal });
    // the browser may keep the page for its back button, but must not keep personal data with it
    window.addEventListener("pagehide", (event) => event.persisted && this.#forget(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#resume(), { signal });
    this.#resume();
    return () => {
      stopped.abort();
      clearTimeout(this.#timer);
    };
  }

  /**
   * Returns an access token that is valid for a while, and renews it first if necessary. Nothing is
   * sent while a renewal is postponed: it fails as the last one did.
   *
   * @param rejected A token that the service has just rejected: any other will do.
   * @throws {Failure} There is none, or none at the moment.
   */
  async accessToken(rejected?: string): Promise<string> {
    if (this.#token && this.#token !== rejected && this.#dueIn() > 0) return this.#token;
    if (this.#failure && !this.#renewal && this.#retryIn() > 0) throw this.#failure;
    const outcome = await this.restore();
    if (outcome.kind !== "renewed") throw outcome.failure;
    return outcome.token.accessToken;
  }

  /** Renews the token now, also if that is postponed. Concurrent calls share one renewal. */
  restore(): Promise<Renewal> {
    this.#renewal ??= exclusively(async () => {
      const note = readNote();
      return this.#apply(await renew(this.#service), note);
    }).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Begins a session, and tells the other tabs. */
  begin(issued: AccessToken, user: User): void {
    writeNote();
    this.#begin(issued, user);
  }

  /** Ends the session, and tells the other tabs. */
  end(): void {
    removeNote();
    this.#end(null);
  }

  /** Asks the service for the session, unless it is noted that there is none. */
  #resume(): void {
    if (readNote() === null) {
      this.#end(null);
    } else {
      if (this.#state.phase === "starting") this.#forget();
      this.#ask();
    }
  }

  /** Another tab has signed in or out, or has seen the session end. */
  #hear(): void {
    if (readNote() !== null || this.#state.phase !== "signedOut") this.#ask();
  }

  /**
   * Asks for the session after a delay, at once if it is 0 or less. By default that is what is left
   * of the pause after a response; after a lost one, the network may just have come back.
   */
  #ask(delay = this.#failure instanceof HttpProblem ? this.#retryIn() : 0): void {
    if (delay > 0) this.#wakeIn(delay);
    else void this.restore();
  }

  /** @param note What was noted before the renewal. */
  #apply(outcome: Renewal, note: string | null): Renewal {
    if (outcome.kind === "renewed") {
      confirmNote();
      this.#begin(outcome.token, outcome.user);
    }
    if (outcome.kind === "ended") this.#endBecause(outcome.failure, note);
    if (outcome.kind === "postponed") this.#postpone(outcome.failure);
    return outcome;
  }

  #begin(issued: AccessToken, user: User): void {
    this.#failure = null;
    this.#failures = 0;
    this.#token = issued.accessToken;
    this.#dueIn = countdown(renewalDelay(issued.expiresIn));
    this.#change({ phase: "signedIn", user, failure: null });
    this.#wakeIn(this.#dueIn());
  }

  #endBecause(problem: HttpProblem, note: string | null): void {
    removeNote(note);
    const wasMissing = problem.code === "refresh_token_missing";
    // where nothing can be noted, most visitors without a cookie had no session that could have ended
    const isVisitor = wasMissing && note === UNREADABLE && this.#state.phase === "restoring";
    this.#end(isVisitor ? null : { problem, isKnown: note === null });
  }

  #end(ending: Ending | null): void {
    this.#failure = null;
    this.#failures = 0;
    this.#token = null;
    clearTimeout(this.#timer);
    if (this.#state.phase !== "signedOut") this.#change({ phase: "signedOut", ending });
  }

  #postpone(failure: Failure): void {
    const delay = retryDelay(failure, this.#failures++);
    this.#failure = failure;
    this.#retryIn = countdown(delay);
    this.#wakeIn(delay);
    if ("failure" in this.#state) this.#change({ ...this.#state, failure });
  }

  /** Renews if it's time, or sets the timer anew: timers stop while a computer sleeps. */
  #wake(): void {
    // a hidden tab waits until it is visible again
    if (document.hidden || (this.#state.phase === "signedOut" && !this.#failure)) return;
    this.#ask(this.#token && !this.#failure ? this.#dueIn() : undefined);
  }

  #wakeIn(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wake(), Math.min(delay, LONGEST_TIMER));
  }

  /** Forgets who is signed in, until the service says so again. */
  #forget(): void {
    this.#token = null;
    this.#change({ phase: "restoring", failure: this.#failure });
  }

  #change(next: State): void {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
