import { anonymous } from "@/api/anonymous";
import { ask, type Failure, type HttpProblem } from "@/api/failure";
import { retryDelay } from "@/api/retry";
import type { AccessToken, Credentials, User } from "@/api/types";
import { type Renewal, renew, renewalDelay } from "./renewal";
import { change, current, forget } from "./state";
import { announce, exclusively, onAnnouncement } from "./tabs";

/** The access token is kept in this variable and nowhere else. */
let token: { value: string; renewAt: number } | null = null;
let renewal: Promise<Renewal> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Keeps this tab's session renewed, until the returned function is called. */
export function start(): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  const stopListening = onAnnouncement(restore);
  document.addEventListener("visibilitychange", wake, { signal });
  window.addEventListener("online", wake, { signal });
  window.addEventListener("pagehide", leave, { signal });
  window.addEventListener("pageshow", comeBack, { signal });
  restore();
  return () => {
    stopped.abort();
    stopListening();
    clearTimeout(timer);
  };
}

/** @throws {Failure} The sign-in failed, and nothing has changed. */
export async function signIn(credentials: Credentials): Promise<void> {
  await exclusively(async () => {
    const { user, ...issued } = await ask(anonymous.POST("/api/auth/login", { body: credentials }));
    begin(issued, user);
  });
  announce();
}

/** @throws {Failure} The session may or may not have ended; here it continues. */
export async function signOut(): Promise<void> {
  await exclusively(async () => {
    await ask(anonymous.POST("/api/auth/logout"));
    end(null);
  });
  announce();
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
  renewal ??= exclusively(async () => apply(await renew(anonymous))).finally(() => {
    renewal = null;
  });
  return renewal;
}

export const restore = (): void => void renewOnce();

function apply(outcome: Renewal): Renewal {
  if (outcome.kind === "renewed") begin(outcome.token, outcome.user);
  if (outcome.kind === "ended") end(outcome.failure);
  if (outcome.kind === "postponed") postpone(outcome.failure);
  return outcome;
}

function begin(issued: AccessToken, user: User): void {
  failures = 0;
  token = { value: issued.accessToken, renewAt: Date.now() + renewalDelay(issued.expiresIn) };
  change({ phase: "signedIn", user, failure: null });
  wakeIn(dueIn());
}

function end(ending: HttpProblem | null): void {
  failures = 0;
  token = null;
  clearTimeout(timer);
  const before = current();
  if (before.phase === "signedOut") return;
  // a visitor without a cookie had no session that could have ended
  const isVisitor = before.phase === "restoring" && ending?.code === "refresh_token_missing";
  change({ phase: "signedOut", ending: isVisitor ? null : ending });
}

function postpone(failure: Failure): void {
  const before = current();
  if (before.phase !== "signedOut") change({ ...before, failure });
  wakeIn(retryDelay(failure, failures++));
}

const dueIn = (): number => (token ? token.renewAt - Date.now() : 0);

/** Renews if it's time, or sets the timer anew: timers stop while a computer sleeps. */
function wake(): void {
  // a hidden tab waits until it is visible again
  if (document.hidden || current().phase === "signedOut") return;
  if (dueIn() > 0 && failures === 0) wakeIn(dueIn());
  else restore();
}

function wakeIn(delay: number): void {
  clearTimeout(timer);
  timer = setTimeout(wake, delay);
}

/** The browser may keep the page for its back button. It must not keep personal data with it. */
function leave(event: PageTransitionEvent): void {
  if (!event.persisted) return;
  token = null;
  forget();
}

function comeBack(event: PageTransitionEvent): void {
  if (event.persisted) restore();
}
