import { type Failure, HttpProblem } from "latchkey-session";
import { lookup } from "@/api/lookup";
import type { LinkEnd, LinkKind } from "@/api/types";

const ENDS: Record<LinkEnd, string> = {
  expired: "This link has expired.",
  superseded: "Your account has changed since this link was sent, so it is no longer good.",
  used: "This link was used already. Each link works once.",
  withdrawn: "This link is no longer good.",
};

/** What is different for links that create an account. */
const ENDS_OF_NEW: Partial<Record<LinkEnd, string>> = {
  superseded: "There is an account with this email now. Sign in with it.",
};

/** What is different for links to the new address of an account. */
const ENDS_OF_CHANGE: Partial<Record<LinkEnd, string>> = {
  withdrawn: "This link was withdrawn, or another address was asked for since.",
};

const ENDS_BY_KIND: Record<LinkKind, Partial<Record<LinkEnd, string>>> = {
  password_reset: {},
  registration: ENDS_OF_NEW,
  invitation: ENDS_OF_NEW,
  email_change: ENDS_OF_CHANGE,
};

/**
 * Returns why a link does not work any more; null if a failure says something else.
 *
 * @param kind What the link was for, if that is known.
 */
export function whyEnded(failure: Failure | null, kind: LinkKind | null = null): string | null {
  if (!(failure instanceof HttpProblem) || failure.code !== "link_ended") return null;
  const ends = kind === null ? ENDS : { ...ENDS, ...ENDS_BY_KIND[kind] };
  return lookup<LinkEnd, string>(ends, failure.problem.reason ?? undefined) ?? ends.withdrawn;
}
