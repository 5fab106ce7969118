import type { Ending } from "latchkey-session";
import { lookup } from "@/api/lookup";
import type { EndReason } from "@/api/types";

const REASONS: Record<EndReason, string> = {
  logged_out: "You were signed out because this session was ended with “Sign out”.",
  replaced: "You were signed out because a newer sign-in took this session’s place.",
  expired: "You were signed out because you were away for too long.",
  reuse_detected:
    "You were signed out because this session was used from somewhere else. If you can’t explain that, tell your administrator.",
  revoked:
    "You were signed out because your password or your second factors were changed, or the session was ended from elsewhere.",
  user_disabled: "You were signed out because your account was disabled. Ask your administrator.",
  account_deleted: "You were signed out because your account was deleted.",
};

const ELSEWHERE = "You are signed out here because you signed out in another tab.";
const COOKIE_LOST =
  "You were signed out because you were away for too long, or your browser has not kept the cookie of this site. If that happens again soon, allow cookies for this site.";
const UNKNOWN = "Your session is no longer valid. Sign in again.";

/** Returns why a session has ended, in plain words for the person whose session it was. */
export function endingWords({ problem, isKnown }: Ending): string {
  if (problem.code === "refresh_token_missing") return isKnown ? ELSEWHERE : COOKIE_LOST;
  return lookup(REASONS, problem.problem.reason ?? undefined) ?? UNKNOWN;
}
