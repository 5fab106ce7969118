import { type Failure, HttpProblem } from "latchkey-session";
import { lookup } from "@/api/lookup";
import type { LinkEnd } from "@/api/types";

const ENDS: Record<LinkEnd, string> = {
  expired: "This link has expired.",
  superseded: "Your account has changed since this link was sent, so it is no longer good.",
  used: "This link was used already. Each link works once.",
  withdrawn: "This link is no longer good.",
};

/** Returns why a link does not work any more; null if a failure says something else. */
export function whyEnded(failure: Failure | null): string | null {
  if (!(failure instanceof HttpProblem) || failure.code !== "link_ended") return null;
  return lookup<LinkEnd, string>(ENDS, failure.problem.reason ?? undefined) ?? ENDS.withdrawn;
}
