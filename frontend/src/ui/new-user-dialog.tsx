"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef } from "react";
import { api } from "@/api/api";
import { ask, isFailure, Refusal } from "@/api/failure";
import type { NewUser, User } from "@/api/types";
import { explain } from "./explain";
import { Field } from "./field";

type Props = { onAdded: (user: User) => void; onClose: () => void };

/** The form that adds a user. What is wrong with a field stands at that field. */
export function NewUserDialog({ onAdded, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const add = useMutation({
    mutationFn: (body: NewUser) => ask(api.POST("/api/admin/users", { body })),
    onSuccess: (user) => {
      onAdded(user);
      dialog.current?.close();
    },
  });
  const faults = faultsByField(add.error);

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (add.isError) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [add.isError]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!add.isPending) add.mutate(newUser(new FormData(event.currentTarget)));
  }

  return (
    <dialog ref={dialog} aria-labelledby="new-user" onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <h2 id="new-user">Add a user</h2>
        <p className="form-fault" role="alert">
          {isFailure(add.error) && faults.size === 0 && general(add.error)}
        </p>
        <Field label="Name" name="name" autoComplete="off" fault={faults.get("name")} />
        <Field
          label="Email"
          name="email"
          inputMode="email"
          autoComplete="off"
          fault={faults.get("email")}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more; a few words are best."
          fault={faults.get("password")}
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

function newUser(form: FormData): NewUser {
  const text = (name: string) => String(form.get(name) ?? "");
  return {
    email: text("email"),
    password: text("password"),
    name: text("name"),
    role: text("role") === "ADMIN" ? "ADMIN" : "USER",
  };
}

/** The service's messages are predicates: "must have 8 to 128 characters". */
function faultsByField(error: unknown): Map<string, string> {
  if (!(error instanceof Refusal)) return new Map();
  if (error.code === "email_taken") return new Map([["email", "Another user has this email."]]);
  const labels: Record<string, string> = { name: "Name", email: "Email", password: "Password" };
  const known = (error.problem.errors ?? []).filter(({ field }) => field in labels);
  return new Map(known.map(({ field, message }) => [field, `${labels[field]} ${message}.`]));
}

function general(failure: Parameters<typeof explain>[0]): string {
  const { title, detail } = explain(failure);
  return `${title}. ${detail}`;
}
