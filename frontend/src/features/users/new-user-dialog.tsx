"use client";

import { isUser } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { NewUser, User } from "@/api/types";
import { authorized } from "@/session/authorized";
import { Field } from "@/ui/field";
import { REQUIRED } from "./new-user";
import { EmailField, PersonDialog } from "./person-dialog";

type Props = { onAdded: (user: User) => void; onClose: () => void };

/** The form that adds a user, with a first password. */
export function NewUserDialog({ onAdded, onClose }: Props) {
  return (
    <PersonDialog
      id="new-user"
      title="Add a user"
      action="Add user"
      required={REQUIRED}
      send={add}
      onSent={onAdded}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field label="Name" name="name" autoComplete="off" required error={errors.get("name")} />
          <EmailField errors={errors} />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint="8 characters or more; a few words are best."
            required
            error={errors.get("password")}
          />
        </>
      )}
    </PersonDialog>
  );
}

const add = (body: NewUser) => ask(authorized.POST("/api/admin/users", { body }), isUser);
