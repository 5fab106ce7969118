import { type HttpProblem, NoResponse } from "latchkey-session";
import type { AnyFailure } from "@/api/failure";
import { lookup } from "@/api/lookup";
import { PasskeyRefusal, type RefusalReason } from "@/api/passkeys";
import type { ProblemCode } from "@/api/types";

/** What a person reads. In `detail`, `{when}` stands for the end of the pause that is asked for. */
type Words = { title: string; detail: string };

const UNREACHABLE: Words = {
  title: "Can’t reach the service",
  detail: "Check your connection, and try again.",
};
const TOO_MANY: Words = { title: "Too many attempts", detail: "Try again {when}." };
const BUSY: Words = { title: "The service is busy", detail: "It asks us to come back {when}." };

/** Null where there is nothing better to say than the problem's own title. */
const WORDS = {
  invalid_credentials: {
    title: "That didn’t work",
    detail: "The email and password don’t belong together. Check both and try again.",
  },
  insufficient_role: {
    title: "For administrators only",
    detail: "Your role doesn’t open this page.",
  },
  email_taken: {
    title: "This address is taken",
    detail: "Another user has this email.",
  },
  last_admin: {
    title: "This is the last administrator",
    detail: "Make somebody else an administrator first.",
  },
  origin_not_allowed: {
    title: "The service doesn’t accept this address",
    detail: "Open Latchkey under the address that your administrator gave you.",
  },
  second_factor_required: {
    title: "Your account asks for a second factor",
    detail: "Sign out, and sign in again.",
  },
  second_factor_invalid: {
    title: "That code didn’t work",
    detail: "Each code works once. Check it, or try the next one.",
  },
  challenge_invalid: {
    title: "Please start again",
    detail: "That took too long, or your account has changed. Enter your email and password again.",
  },
  reauthentication_required: {
    title: "Please sign in again",
    detail: "For a change like this, you must have signed in a moment ago.",
  },
  second_factors_disabled: {
    title: "This service has no second factors",
    detail: "Ask your administrator.",
  },
  factor_not_found: {
    title: "There’s no such second factor",
    detail: "It was removed or replaced meanwhile. Load the page again.",
  },
  last_factor: {
    title: "Your role requires a second factor",
    detail: "Add another one first: you can replace your last one, but not do without.",
  },
  passkeys_disabled: {
    title: "This service has no passkeys",
    detail: "Sign in with your email and password.",
  },
  passkey_unknown: {
    title: "This passkey is not known here any more",
    detail:
      "It was removed from its account. Sign in another way. If your browser goes on offering it, delete it in the settings of the browser or the device.",
  },
  passkey_invalid: {
    title: "That passkey didn’t work",
    detail: "Try another one, or sign in with your email and password.",
  },
  too_many_passkeys: {
    title: "You have as many passkeys as an account can have",
    detail: "Remove one that you don’t use any more.",
  },
  passkey_known: {
    title: "This passkey is already in use",
    detail: "It belongs to an account here. Create another one.",
  },
  password_incorrect: {
    title: "That isn’t your current password",
    detail: "Check it and try again. You stay signed in.",
  },
  link_invalid: {
    title: "This link isn’t complete",
    detail: "Take the whole address out of the mail, or ask for a new link.",
  },
  registration_closed: {
    title: "You can’t create an account here",
    detail: "Ask your administrator for an invitation.",
  },
  mail_disabled: {
    title: "This service sends no mail",
    detail: "Ask your administrator for a new password.",
  },
  too_many_mails: {
    title: "We have already sent some mails",
    detail: "Look into your mailbox, also among the spam. You can ask again {when}.",
  },
  too_many_attempts: TOO_MANY,
  password_hasher_busy: BUSY,
  storage_unavailable: BUSY,

  access_token_invalid: null,
  access_token_missing: null,
  already_bootstrapped: null,
  audience_unknown: null,
  bootstrap_disabled: null,
  content_too_large: null,
  host_not_allowed: null,
  https_required: null,
  internal_error: null,
  link_ended: null,
  invalid_request: null,
  method_not_allowed: null,
  not_found: null,
  refresh_token_invalid: null,
  refresh_token_missing: null,
  refresh_token_superseded: null,
  request_timeout: null,
  session_ended: null,
  unsupported_media_type: null,
  uri_too_long: null,
  headers_too_large: null,
} satisfies Record<ProblemCode, Words | null>;

/** What the browser or the device refuses. */
const REFUSALS: Record<RefusalReason, Words> = {
  not_given: {
    title: "No passkey was used",
    detail:
      "You cancelled, it took too long, or the device could not check that it’s you by fingerprint, face or PIN. Try again, or choose another way.",
  },
  late: {
    title: "That took too long",
    detail: "Try again. If that happens each time, check the clock of your device.",
  },
  known: {
    title: "There is a passkey of yours already",
    detail: "This device or password manager has one for your account. It needs no other.",
  },
  unfit: {
    title: "This device can’t keep a passkey",
    detail:
      "It has to check that it’s you, by fingerprint, face or PIN. Set that up, or take another device.",
  },
  wrong_address: {
    title: "Passkeys don’t work at this address",
    detail: "Open Latchkey under the address that your administrator gave you.",
  },
};

/** For responses that aren't the service's own, such as those of a proxy before it. */
const BY_STATUS: Record<number, Words> = { 429: TOO_MANY, 502: BUSY, 503: BUSY, 504: BUSY };

/** What a page says to people whose role doesn't open it. */
export const ADMINISTRATORS_ONLY: Words = WORDS.insufficient_role;

/** Returns what to say about a failure, in plain words. */
export function explain(failure: AnyFailure): Words {
  if (failure instanceof PasskeyRefusal) return REFUSALS[failure.reason];
  if (failure instanceof NoResponse) return UNREACHABLE;
  const words = lookup<ProblemCode, Words | null>(WORDS, failure.code);
  const { title, detail } = words ?? BY_STATUS[failure.status] ?? unexplained(failure);
  return { title, detail: detail.replace("{when}", fromNow(failure.retryAfter)) };
}

/** Units and their lengths in seconds. A pause of a hundred or more is told in the next one. */
const UNITS = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
] as const;
const DAY = ["day", 86_400] as const;

/** @param wait In milliseconds; null if the service doesn't say. */
function fromNow(wait: number | null): string {
  if (wait === null) return "in a moment";
  const seconds = Math.max(1, Math.ceil(wait / 1_000));
  const [unit, size] = UNITS.find(([, length]) => seconds < 100 * length) ?? DAY;
  return new Intl.RelativeTimeFormat("en").format(Math.ceil(seconds / size), unit);
}

function unexplained({ problem: { title, requestId } }: HttpProblem): Words {
  const hint = requestId ? ` Your administrator can look it up as ${requestId}.` : "";
  return { title: "Something went wrong", detail: `${title}.${hint}` };
}
