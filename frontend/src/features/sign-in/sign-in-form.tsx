"use client";

import { type Failure, isFailure } from "latchkey-session";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Credentials } from "@/api/types";
import { signIn } from "@/session/session";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { SlowHint } from "@/ui/slow-hint";

const REQUIRED = { email: "Enter your email.", password: "Enter your password." };

/** @param isReady Whether the page's scripts run: before, the browser itself would send the form. */
export function SignInForm({ isReady }: { isReady: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);

  useFirstFault(form, faults);
  useEffect(() => {
    // whoever was quicker than the scripts has chosen a field already
    if (document.activeElement === document.body) input(form, "email")?.focus();
  }, []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const entered = credentials(new FormData(event.currentTarget));
    const found = missing(entered, REQUIRED);
    setFailure(null);
    setFaults(found);
    if (found.size === 0) await send(entered);
  }

  async function send(entered: Credentials) {
    setIsPending(true);
    try {
      await signIn(entered);
    } catch (error) {
      if (!isFailure(error)) throw error;
      setFailure(error);
      input(form, "password")?.select();
    } finally {
      setIsPending(false);
    }
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={failure} />
      <Field
        label="Email"
        name="email"
        inputMode="email"
        autoComplete="username"
        required
        error={faults.get("email")}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={faults.get("password")}
      />
      <button type="submit" className="button" disabled={!isReady} aria-disabled={isPending}>
        {isPending ? "Signing in…" : "Sign in"}
      </button>
      {isPending && <SlowHint />}
    </form>
  );
}

function input(form: { current: HTMLFormElement | null }, name: string): HTMLInputElement | null {
  return form.current?.querySelector(`[name=${name}]`) ?? null;
}

/** A phone's keyboard adds a blank to an address that it completes. A password is left as typed. */
function credentials(form: FormData): Credentials {
  const text = (name: keyof Credentials) => String(form.get(name) ?? "");
  return { email: text("email").trim(), password: text("password") };
}
