"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef } from "react";
import { ask, isFailure } from "@/api/failure";
import type { NewUser, User } from "@/api/types";
import { authorized } from "@/session/authorized";
import { Field } from "@/ui/field";
import { errorsByField, formError, readNewUser } from "./new-user";

type Props = { onAdded: (user: User) => void; onClose: () => void };

/** The form that adds a user. What is wrong with a field is shown at that field. */
export function NewUserDialog({ onAdded, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const add = useMutation({
    mutationFn: (body: NewUser) => ask(authorized.POST("/api/admin/users", { body })),
    onSuccess: (user) => {
      onAdded(user);
      dialog.current?.close();
    },
  });
  const errors = errorsByField(add.error);

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (add.isError) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [add.isError]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!add.isPending) add.mutate(readNewUser(new FormData(event.currentTarget)));
  }

  return (
    <dialog ref={dialog} aria-labelledby="new-user" onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <h2 id="new-user">Add a user</h2>
        <p className="form-error" role="alert">
          {isFailure(add.error) && errors.size === 0 && formError(add.error)}
        </p>
        <Field label="Name" name="name" autoComplete="off" error={errors.get("name")} />
        <Field
          label="Email"
          name="email"
          inputMode="email"
          autoComplete="off"
          error={errors.get("email")}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more; a few words are best."
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
