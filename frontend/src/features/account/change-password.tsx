"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { changePassword } from "@/session/session";
import { useSession } from "@/session/state";
import {
  type Faults,
  incorrectPassword,
  missing,
  NO_FAULTS,
  rejected,
  useFirstFault,
} from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { SlowHint } from "@/ui/slow-hint";
import { useRecentSignIn } from "./recent-sign-in";

const REQUIRED = {
  currentPassword: "Enter your current password.",
  newPassword: "Enter a new password.",
};

/** Changes the signed-in person's password. They stay signed in here, and nowhere else. */
export function ChangePassword() {
  const queries = useQueryClient();
  const session = useSession();
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending } = useSending();
  const { recently, dialog } = useRecentSignIn();
  const [isDone, setIsDone] = useState(false);
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = refusals(failure);
  const faults = unfilled.size > 0 ? unfilled : refused;
  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: keyof typeof REQUIRED) => String(data.get(name) ?? "");
    const entered = { currentPassword: text("currentPassword"), newPassword: text("newPassword") };
    const found = missing(entered, REQUIRED);
    setUnfilled(found);
    setIsDone(false);
    if (found.size > 0) return;
    await sending(() => recently(() => change(entered)));
  }

  async function change(entered: Record<keyof typeof REQUIRED, string>) {
    await changePassword(entered);
    form.current?.reset();
    setIsDone(true);
    await queries.invalidateQueries({ queryKey: ["sessions"] });
  }

  return (
    <section className="setting" aria-labelledby="change-password">
      <h2 id="change-password">Change your password</h2>
      <p className="sessions-ended" role="status">
        {isDone && "Your password was changed. You are signed out everywhere else."}
      </p>
      <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
        <Refused failure={refused.size > 0 ? null : failure} />
        {/* so that password managers file the new password under the right name */}
        <input
          type="text"
          name="username"
          autoComplete="username"
          value={session.phase === "signedIn" ? session.user.email : ""}
          readOnly
          hidden
        />
        <Field
          label="Current password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          required
          error={faults.get("currentPassword")}
        />
        <Field
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more; a few words are best."
          required
          error={faults.get("newPassword")}
        />
        <button type="submit" className="button" aria-disabled={isPending}>
          {isPending ? "Changing…" : "Change the password"}
        </button>
        {isPending && <SlowHint />}
      </form>
      {dialog}
    </section>
  );
}

/** A wrong current password is told at its field, like a new one that is not accepted. */
function refusals(failure: unknown): Faults {
  const labels = { currentPassword: "Current password", newPassword: "New password" };
  return new Map([...rejected(failure, labels), ...incorrectPassword(failure, "currentPassword")]);
}
