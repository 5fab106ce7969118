"use client";

import { type Failure, isFailure } from "latchkey-session";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { SlowHint } from "@/ui/slow-hint";
import { isOver } from "./link-over";

type Props = {
  token: string;
  email: string;
  onDone: () => void;
  /** The link is no longer good. */
  onEnded: (failure: Failure) => void;
};

const TIMEOUT = 30_000; // milliseconds; passwords may wait in a queue

/** Sets a new password by a link. */
export function NewPasswordForm({ token, email, onDone, onEnded }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, { password: "Password" });
  const faults = unfilled.size > 0 ? unfilled : refused;

  useFirstFault(form, faults);
  useEffect(() => form.current?.querySelector<HTMLElement>("[name=password]")?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    const found = missing({ password }, { password: "Enter a new password." });
    setUnfilled(found);
    if (found.size > 0) return;
    await sending(() => send(password));
  }

  async function send(password: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const body = { token, password };
      await ask(anonymous.POST("/api/auth/password-resets/complete", { body, signal }), isMessage);
      onDone();
    } catch (error) {
      if (isFailure(error) && isOver(error)) onEnded(error);
      else throw error;
    }
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={refused.size > 0 ? null : failure} />
      {/* so that password managers file the new password under the right name */}
      <Field label="Email" name="username" autoComplete="username" value={email} readOnly />
      <Field
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="8 characters or more; a few words are best."
        required
        error={faults.get("password")}
      />
      <button type="submit" className="button" aria-disabled={isPending}>
        {isPending ? "Saving…" : "Set the password"}
      </button>
      {isPending && <SlowHint />}
    </form>
  );
}
