"use client";

import { anonymous } from "@/api/anonymous";
import { isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import { Field } from "@/ui/field";
import { LinkForm, type LinkProps } from "./link-form";

const FIELDS = { password: { label: "Password", empty: "Enter a new password." } };

/** Sets a new password by a link. */
export function NewPasswordForm({ token, ...props }: LinkProps) {
  return (
    <LinkForm
      {...props}
      fields={FIELDS}
      button={["Set the password", "Saving…"]}
      send={({ password }, signal) => {
        const init = { body: { token, password }, signal };
        return ask(anonymous.POST("/api/auth/password-resets/complete", init), isMessage);
      }}
    >
      {(faults) => (
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more; a few words are best."
          required
          error={faults.get("password")}
        />
      )}
    </LinkForm>
  );
}
