"use client";

import { useMutation } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { isUser } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { NewUser, User } from "@/api/types";
import { authorized } from "@/session/authorized";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { errorsByField, formError, REQUIRED, readNewUser } from "./new-user";

type Props = { onAdded: (user: User) => void; onClose: () => void };

/** The form that adds a user. What is wrong with a field is shown at that field. */
export function NewUserDialog({ onAdded, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const add = useMutation({
    mutationFn: (body: NewUser) => ask(authorized.POST("/api/admin/users", { body }), isUser),
    onSuccess: (user) => {
      onAdded(user);
      dialog.current?.close();
    },
  });
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const rejected = useMemo(() => errorsByField(add.error), [add.error]);
  const errors = unfilled.size > 0 ? unfilled : rejected;

  useEffect(() => dialog.current?.showModal(), []);
  useFirstFault(form, errors);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (add.isPending) return;
    const user = readNewUser(new FormData(event.currentTarget));
    const found = missing(user, REQUIRED);
    setUnfilled(found);
    if (found.size > 0) add.reset();
    else add.mutate(user);
  }

  return (
    <dialog ref={dialog} aria-labelledby="new-user" onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <h2 id="new-user">Add a user</h2>
        <p className="form-error" role="alert">
          {isFailure(add.error) && errors.size === 0 && formError(add.error)}
        </p>
        <Field label="Name" name="name" autoComplete="off" required error={errors.get("name")} />
        <Field
          label="Email"
          name="email"
          inputMode="email"
          autoComplete="off"
          required
          error={errors.get("email")}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more; a few words are best."
          required
          error={errors.get("password")}
        />
        <fieldset>
          <legend>Role</legend>
          <label>
            <input type="radio" name="role" value="USER" defaultChecked /> User
          </label>
          <label>
            <input type="radio" name="role" value="ADMIN" /> Administrator
          </label>
        </fieldset>
        <div className="actions">
          <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button" aria-disabled={add.isPending}>
            Add user
          </button>
        </div>
      </form>
    </dialog>
  );
}
