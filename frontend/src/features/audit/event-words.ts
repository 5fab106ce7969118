import type { AuditAction, AuditEvent } from "@/api/types";

/** What each type of event is called. */
export const ACTIONS: Record<AuditAction, string> = {
  login_succeeded: "Signed in",
  login_failed: "Sign-in failed",
  login_challenged: "Second factor asked for",
  second_factor_failed: "Wrong code",
  second_factor_added: "Second factor added",
  second_factor_removed: "Second factor removed",
  second_factors_removed: "Second factors removed",
  passkey_counter_suspect: "Passkey may have been copied",
  recovery_codes_replaced: "Recovery codes replaced",
  device_remembered: "Device remembered",
  device_forgotten: "Device forgotten",
  refresh_replayed: "Refresh repeated",
  refresh_superseded: "Refresh too late",
  refresh_fast_forwarded: "Refresh after lost commits",
  refresh_reused: "Old refresh token reused",
  refresh_never_issued: "Refresh token never issued",
  session_ended: "Session ended",
  admin_bootstrapped: "First administrator created",
  user_created: "User created",
  user_disabled: "User disabled",
  user_enabled: "User enabled",
  role_changed: "Role changed",
  password_changed: "Password changed",
  password_attempt_failed: "Wrong current password",
  password_reset_requested: "New password asked for",
  password_reset: "Password reset",
  email_change_requested: "Other address asked for",
  email_change_withdrawn: "Other address no longer wanted",
  email_changed: "Address changed",
  name_changed: "Name changed",
  user_deleted: "Account deleted",
  registration_requested: "Account asked for",
  invitation_sent: "Invitation sent",
  invitation_withdrawn: "Invitation withdrawn",
  user_registered: "User registered",
  link_refused: "Link refused",
  link_repeated: "Link repeated",
  mail_sent: "Mail sent",
  mail_failed: "Mail failed",
  mail_expired: "Mail expired",
};

/** Returns the further facts of an event in one line, with the client's address first. */
export function factsOf({ address, detail }: Pick<AuditEvent, "address" | "detail">): string {
  const facts = Object.entries(detail).map(([name, fact]) => `${name}: ${fact}`);
  return [...(address ? [`from ${address}`] : []), ...facts].join(", ");
}
