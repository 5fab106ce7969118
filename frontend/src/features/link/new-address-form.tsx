"use client";

import { anonymous } from "@/api/anonymous";
import { isUser } from "@/api/bodies";
import { ask } from "@/api/failure";
import { incorrectPassword } from "@/ui/faults";
import { Field } from "@/ui/field";
import { LinkForm, type LinkProps } from "./link-form";

const FIELDS = { password: { label: "Password", empty: "Enter the password of your account." } };

/** Gives an account the address that a link was sent to. */
export function NewAddressForm({ token, ...props }: LinkProps) {
  return (
    <LinkForm
      {...props}
      fields={FIELDS}
      button={["Confirm the address", "Confirming…"]}
      send={({ password }, signal) => {
        const init = { body: { token, password }, signal };
        return ask(anonymous.POST("/api/auth/email-changes/complete", init), isUser);
      }}
      faultsIn={(failure) => incorrectPassword(failure, "password")}
    >
      {(faults) => (
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          hint="The one that you sign in with."
          required
          error={faults.get("password")}
        />
      )}
    </LinkForm>
  );
}
