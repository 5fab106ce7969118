"use client";

import { useMutation } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { NewUser } from "@/api/types";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { errorsByField, formError, readNewUser } from "./new-user";

type Props<Answer> = {
  id: string;
  title: string;
  /** What the button says that sends the form. */
  action: string;
  /** The names of the fields that must be filled in, and what to say about each. */
  required: Readonly<Record<string, string>>;
  send: (person: NewUser) => Promise<Answer>;
  onSent: (answer: Answer) => void;
  onClose: () => void;
  /** The fields, besides the role. They get what is wrong with which of them. */
  children: (errors: Faults) => ReactNode;
};

/** A form about somebody who will have an account. What is wrong is shown at the field. */
export function PersonDialog<Answer>(props: Props<Answer>) {
  const { id, title, action, required, send, onSent, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (answer) => {
      onSent(answer);
      dialog.current?.close();
    },
  });
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const rejected = useMemo(() => errorsByField(sending.error), [sending.error]);
  const errors = unfilled.size > 0 ? unfilled : rejected;

  useEffect(() => dialog.current?.showModal(), []);
  useFirstFault(form, errors);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (sending.isPending) return;
    const person = readNewUser(new FormData(event.currentTarget));
    const found = missing(person, required);
    setUnfilled(found);
    if (found.size > 0) sending.reset();
    else sending.mutate(person);
  }

  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <h2 id={id}>{title}</h2>
        <p className="form-error" role="alert">
          {isFailure(sending.error) && errors.size === 0 && formError(sending.error)}
        </p>
        {children(errors)}
        <RoleChoice />
        <div className="actions">
          <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button" aria-disabled={sending.isPending}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}

export function EmailField({ errors }: { errors: Faults }) {
  return (
    <Field
      label="Email"
      name="email"
      inputMode="email"
      autoComplete="off"
      required
      error={errors.get("email")}
    />
  );
}

function RoleChoice() {
  return (
    <fieldset>
      <legend>Role</legend>
      <label>
        <input type="radio" name="role" value="USER" defaultChecked /> User
      </label>
      <label>
        <input type="radio" name="role" value="ADMIN" /> Administrator
      </label>
    </fieldset>
  );
}
