"use client";

import { anonymous } from "@/api/anonymous";
import { isUser } from "@/api/bodies";
import { ask } from "@/api/failure";
import { Field } from "@/ui/field";
import { LinkForm, type LinkProps } from "./link-form";

const FIELDS = {
  name: { label: "Name", empty: "Enter your name." },
  password: { label: "Password", empty: "Enter a password." },
};

/** Creates an account by a link. */
export function NewAccountForm({ token, ...props }: LinkProps) {
  return (
    <LinkForm
      {...props}
      fields={FIELDS}
      button={["Create the account", "Creating…"]}
      send={({ name, password }, signal) => {
        const body = { token, name, password };
        return ask(anonymous.POST("/api/auth/registrations/complete", { body, signal }), isUser);
      }}
    >
      {(faults) => (
        <>
          <Field label="Name" name="name" autoComplete="name" required error={faults.get("name")} />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint="8 characters or more; a few words are best."
            required
            error={faults.get("password")}
          />
        </>
      )}
    </LinkForm>
  );
}
