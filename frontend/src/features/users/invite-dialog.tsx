"use client";

import { useMutation } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { isInvitation } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { Invitation } from "@/api/types";
import { authorized } from "@/session/authorized";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { errorsByField, formError, REQUIRED, readNewUser } from "./new-user";

type Props = { onInvited: (email: string) => void; onClose: () => void };

/** The form that invites somebody, who chooses name and password themselves. */
export function InviteDialog({ onInvited, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const invite = useMutation({
    mutationFn: (body: Invitation) =>
      ask(authorized.POST("/api/admin/invitations", { body }), isInvitation),
    onSuccess: ({ email }) => {
      onInvited(email);
      dialog.current?.close();
    },
  });
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const rejected = useMemo(() => errorsByField(invite.error), [invite.error]);
  const errors = unfilled.size > 0 ? unfilled : rejected;

  useEffect(() => dialog.current?.showModal(), []);
  useFirstFault(form, errors);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (invite.isPending) return;
    const { email, role } = readNewUser(new FormData(event.currentTarget));
    const found = missing({ email }, { email: REQUIRED.email });
    setUnfilled(found);
    if (found.size > 0) invite.reset();
    else invite.mutate({ email, role });
  }

  return (
    <dialog ref={dialog} aria-labelledby="invite" onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <h2 id="invite">Invite somebody</h2>
        <p className="form-error" role="alert">
          {isFailure(invite.error) && errors.size === 0 && formError(invite.error)}
        </p>
        <Field
          label="Email"
          name="email"
          inputMode="email"
          autoComplete="off"
          required
          error={errors.get("email")}
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
          <button type="submit" className="button" aria-disabled={invite.isPending}>
            Send the invitation
          </button>
        </div>
      </form>
    </dialog>
  );
}
