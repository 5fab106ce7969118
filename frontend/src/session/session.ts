import { anonymous } from "@/api/anonymous";
import { isAccessToken, isLogin, isMessage } from "@/api/bodies";
import { ask, type Failure, type HttpProblem } from "@/api/failure";
import { LONGEST_TIMER, retryDelay } from "@/api/retry";
import type { AccessToken, Credentials, PasswordChange, User } from "@/api/types";
import { confirmNote, onNoteChange, readNote, removeNote, UNREADABLE, writeNote } from "./note";
import { type Renewal, renew, renewalDelay } from "./renewal";
import { change, current, type Ending, forget } from "./state";
import { exclusively } from "./tabs";

/** In milliseconds. A login may wait in a queue; nobody waits that long to sign out. */
const LOGIN_TIMEOUT = 30_000;
const LOGOUT_TIMEOUT = 8_000;

/** The access token is kept in this variable and nowhere else. Times are in milliseconds. */
let token: { value: string; issuedAt: number; renewAfter: number } | null = null;
let renewal: Promise<Renewal> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Keeps this tab's session renewed, until the returned function is called. */
export function start(): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  const stopListening = onNoteChange(hear);
  document.addEventListener("visibilitychange", wake, { signal });
  window.addEventListener("online", wake, { signal });
  window.addEventListener("pagehide", leave, { signal });
  window.addEventListener("pageshow", comeBack, { signal });
  restoreIfNoted();
  return () => {
    stopped.abort();
    stopListening();
    clearTimeout(timer);
  };
}

/** @throws {Failure} The sign-in failed, and nothing has changed. */
export async function signIn(credentials: Credentials): Promise<void> {
  await exclusively(async () => {
    const signal = AbortSignal.timeout(LOGIN_TIMEOUT);
    const call = anonymous.POST("/api/auth/login", { body: credentials, signal });
    const { user, ...issued } = await ask(call, isLogin);
    writeNote();
    begin(issued, user);
  });
}

/**
 * Changes the password. The service ends the session and begins a new one, which other tabs renew.
 *
 * @throws {Failure} The password may or may not have been changed.
 */
export async function changePassword(body: PasswordChange): Promise<void> {
  const session = current();
  if (session.phase !== "signedIn") return;
  const presented = await accessToken();
  await exclusively(async () => {
    const signal = AbortSignal.timeout(LOGIN_TIMEOUT);
    const headers = { Authorization: `Bearer ${presented}` };
    const call = anonymous.POST("/api/auth/password", { body, headers, signal });
    const issued = await ask(call, isAccessToken);
    writeNote();
    begin(issued, session.user);
  });
}

/** @throws {Failure} The session may or may not have ended; here it continues. */
export async function signOut(): Promise<void> {
  await exclusively(async () => {
    const signal = AbortSignal.timeout(LOGOUT_TIMEOUT);
    await ask(anonymous.POST("/api/auth/logout", { signal }), isMessage);
    removeNote();
    end(null);
  });
}

/**
 * Returns an access token that is valid for a while, and renews it first if necessary.
 *
 * @param rejected A token that the service has just rejected: any other will do.
 * @throws {Failure} There is none, or none at the moment.
 */
export async function accessToken(rejected?: string): Promise<string> {
  if (token && dueIn() > 0 && token.value !== rejected) return token.value;
  const outcome = await renewOnce();
  if (outcome.kind !== "renewed") throw outcome.failure;
  return outcome.token.accessToken;
}

/** Renews the token. Concurrent calls share one renewal. */
function renewOnce(): Promise<Renewal> {
  renewal ??= exclusively(async () => {
    const note = readNote();
    return apply(await renew(anonymous), note);
  }).finally(() => {
    renewal = null;
  });
  return renewal;
}

export const restore = (): void => void renewOnce();

/** Asks the service for the session, unless it is noted that there is none. */
function restoreIfNoted(): void {
  if (readNote() === null) {
    end(null);
  } else {
    if (current().phase === "starting") forget();
    restore();
  }
}

/** Another tab has signed in or out, or has seen the session end. */
function hear(): void {
  if (readNote() !== null || current().phase !== "signedOut") restore();
}

/** @param note What was noted before the renewal. */
function apply(outcome: Renewal, note: string | null): Renewal {
  if (outcome.kind === "renewed") {
    confirmNote();
    begin(outcome.token, outcome.user);
  }
  if (outcome.kind === "ended") {
    removeNote(note);
    endBecause(outcome.failure, note);
  }
  if (outcome.kind === "postponed") postpone(outcome.failure);
  return outcome;
}

function begin({ accessToken: value, expiresIn }: AccessToken, user: User): void {
  failures = 0;
  token = { value, issuedAt: Date.now(), renewAfter: renewalDelay(expiresIn) };
  change({ phase: "signedIn", user, failure: null });
  wakeIn(dueIn());
}

function endBecause(problem: HttpProblem, note: string | null): void {
  const wasMissing = problem.code === "refresh_token_missing";
  // where nothing can be noted, most visitors without a cookie had no session that could have ended
  const isVisitor = wasMissing && note === UNREADABLE && current().phase === "restoring";
  end(isVisitor ? null : { problem, isKnown: note === null });
}

function end(ending: Ending | null): void {
  failures = 0;
  token = null;
  clearTimeout(timer);
  if (current().phase !== "signedOut") change({ phase: "signedOut", ending });
}

function postpone(failure: Failure): void {
  const before = current();
  if (before.phase === "restoring" || before.phase === "signedIn") change({ ...before, failure });
  wakeIn(retryDelay(failure, failures++));
}

/** Returns when the token has to be renewed, in milliseconds; 0 or less if that is now. */
function dueIn(): number {
  if (!token) return 0;
  const age = Date.now() - token.issuedAt;
  return age < 0 ? 0 : token.renewAfter - age; // a clock that was set back doesn't tell the age
}

/** Renews if it's time, or sets the timer anew: timers stop while a computer sleeps. */
function wake(): void {
  // a hidden tab waits until it is visible again
  if (document.hidden || current().phase === "signedOut") return;
  if (dueIn() > 0 && failures === 0) wakeIn(dueIn());
  else restore();
}

function wakeIn(delay: number): void {
  clearTimeout(timer);
  timer = setTimeout(wake, Math.min(delay, LONGEST_TIMER));
}

/** The browser may keep the page for its back button. It must not keep personal data with it. */
function leave(event: PageTransitionEvent): void {
  if (!event.persisted) return;
  token = null;
  forget();
}

function comeBack(event: PageTransitionEvent): void {
  if (event.persisted) restoreIfNoted();
}
