import type { Failure, HttpProblem } from "./failure.ts";
import { HeldToken } from "./held-token.ts";
import { confirmNote, onNoteChange, readNote, removeNote, UNREADABLE, writeNote } from "./note.ts";
import { type Renewal, renew } from "./renewal.ts";
import { LONGEST_TIMER, retryDelay } from "./retry.ts";
import type { AccessToken, Service, User } from "./service.ts";
import { type Ending, STARTING, type State } from "./state.ts";
import { exclusively } from "./tabs.ts";

/** Keeps the session of one tab: its state, its access token, and when to renew it. */
export class Keeper {
  readonly #service: Service;
  readonly #listeners = new Set<() => void>();
  #state = STARTING;
  /** The access token is kept in this field and nowhere else. */
  #token: HeldToken | null = null;
  #renewal: Promise<Renewal> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

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

  /** Asks the service for the session now. */
  restore(): void {
    void this.#renewOnce();
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
