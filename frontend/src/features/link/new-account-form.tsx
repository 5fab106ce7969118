"use client";

import { type Failure, isFailure } from "latchkey-session";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isUser } from "@/api/bodies";
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
const LABELS = { name: "Name", password: "Password" };
const REQUIRED = { name: "Enter your name.", password: "Enter a password." };

/** Creates an account by a link. */
export function NewAccountForm({ token, email, onDone, onEnded }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, LABELS);
  const faults = unfilled.size > 0 ? unfilled : refused;

  useFirstFault(form, faults);
  useEffect(() => form.current?.querySelector<HTMLElement>("[name=name]")?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const name = String(entered.get("name") ?? "").trim();
    const password = String(entered.get("password") ?? "");
    const found = missing({ name, password }, REQUIRED);
    setUnfilled(found);
    if (found.size > 0) return;
    await sending(() => send(name, password));
  }

  async function send(name: string, password: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const body = { token, name, password };
      await ask(anonymous.POST("/api/auth/registrations/complete", { body, signal }), isUser);
      onDone();
    } catch (error) {
      if (isFailure(error) && isOver(error)) onEnded(error);
      else throw error;
    }
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={refused.size > 0 ? null : failure} />
      {/* so that password managers file the password under the right name */}
      <Field label="Email" name="username" autoComplete="username" value={email} readOnly />
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
      <button type="submit" className="button" aria-disabled={isPending}>
        {isPending ? "Creating…" : "Create the account"}
      </button>
      {isPending && <SlowHint />}
    </form>
  );
}
