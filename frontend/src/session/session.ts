import { anonymous } from "@/api/client";
import { ask, type Failure, pause, type Refusal } from "@/api/failure";
import type { AccessToken, Credentials, User } from "@/api/types";
import { type Renewal, renew } from "./renewal";
import { become, current, forget } from "./state";
import { alone, announce, onAnnouncement } from "./tabs";

/** The access token lives in this variable and nowhere else. */
let token: { value: string; renewAt: number } | null = null;
let renewal: Promise<Renewal> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Keeps the session of this tab, from its first page on, until the returned function is called. */
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

/** @throws {Failure} Nobody was signed in; says why. */
export async function signIn(credentials: Credentials): Promise<void> {
  await alone(async () => {
    const { user, ...issued } = await ask(anonymous.POST("/api/auth/login", { body: credentials }));
    admit(issued, user);
  });
  announce();
}

/** @throws {Failure} It isn't known whether the session ended; it goes on here. */
export async function signOut(): Promise<void> {
  await alone(async () => {
    await ask(anonymous.POST("/api/auth/logout"));
    dismiss(null);
  });
  announce();
}

/**
 * Gives an access token that is good for a while, renewed if need be.
 *
 * @param refused A token that the service has just refused: any other will do.
 * @throws {Failure} There is none, or not now.
 */
export async function accessToken(refused?: string): Promise<string> {
  if (token && dueIn() > 0 && token.value !== refused) return token.value;
  const outcome = await renewed();
  if (outcome.kind !== "renewed") throw outcome.failure;
  return outcome.token.accessToken;
}

/** Renews once, however many ask for it at the same time. */
function renewed(): Promise<Renewal> {
  renewal ??= alone(async () => settle(await renew())).finally(() => {
    renewal = null;
  });
  return renewal;
}

export const restore = (): void => void renewed();

function settle(outcome: Renewal): Renewal {
  if (outcome.kind === "renewed") admit(outcome.token, outcome.user);
  if (outcome.kind === "ended") dismiss(outcome.failure);
  if (outcome.kind === "postponed") postpone(outcome.failure);
  return outcome;
}

function admit(issued: AccessToken, user: User): void {
  failures = 0;
  token = { value: issued.accessToken, renewAt: Date.now() + lead(issued.expiresIn) };
  become({ phase: "signedIn", user, failure: null });
  wakeIn(dueIn());
}

function dismiss(farewell: Refusal | null): void {
  failures = 0;
  token = null;
  clearTimeout(timer);
  const before = current();
  if (before.phase === "signedOut") return;
  // somebody who comes without a cookie never was here; somebody who was is told
  const isVisitor = before.phase === "restoring" && farewell?.code === "refresh_token_missing";
  become({ phase: "signedOut", farewell: isVisitor ? null : farewell });
}

function postpone(failure: Failure): void {
  const before = current();
  if (before.phase !== "signedOut") become({ ...before, failure });
  wakeIn(pause(failure, failures++));
}

/** When to renew, in milliseconds from now: half a minute before the end, and up to a whole one. */
function lead(expiresIn: number): number {
  const margin = Math.min(30, expiresIn / 4) * (1 + Math.random());
  return (expiresIn - margin) * 1_000;
}

const dueIn = (): number => (token ? token.renewAt - Date.now() : 0);

/** Renews if it's time, and else comes back when it is: timers stop while a computer sleeps. */
function wake(): void {
  // a tab that nobody looks at waits until somebody does
  if (document.hidden || current().phase === "signedOut") return;
  if (dueIn() > 0 && failures === 0) wakeIn(dueIn());
  else restore();
}

function wakeIn(delay: number): void {
  clearTimeout(timer);
  timer = setTimeout(wake, delay);
}

/** The browser may keep the page for its back button: it keeps nothing of the person's. */
function leave(event: PageTransitionEvent): void {
  if (!event.persisted) return;
  token = null;
  forget();
}

function comeBack(event: PageTransitionEvent): void {
  if (event.persisted) restore();
}
