import type { Refusal } from "@/api/failure";

/** What each `reason` of `session_ended` means to the person who sits there. */
const REASONS: Record<string, string> = {
  logged_out: "You were signed out because this session was ended with “Sign out”.",
  replaced: "You were signed out because a newer sign-in took this session’s place.",
  expired: "You were signed out because you were away for too long.",
  reuse_detected:
    "You were signed out because this session was used from somewhere else. If you can’t explain that, tell your administrator.",
  revoked:
    "You were signed out because your password was changed, or an administrator ended the session.",
  user_disabled: "You were signed out because your account was disabled. Ask your administrator.",
};

/** Tells in plain words why somebody who was signed in no longer is. */
export function farewellWords(farewell: Refusal): string {
  if (farewell.code === "refresh_token_missing") {
    return "You are signed out here because you signed out in another tab, or were away for too long.";
  }
  return (
    REASONS[farewell.problem.reason ?? ""] ?? "Your session is no longer valid. Sign in again."
  );
}
