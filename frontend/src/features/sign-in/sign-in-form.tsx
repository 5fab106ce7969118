"use client";

import { type Challenge, challengeOf, type Failure, isFailure } from "latchkey-session";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { AnyFailure } from "@/api/failure";
import { hasPasskeys } from "@/api/passkeys";
import type { Credentials } from "@/api/types";
import { signIn } from "@/session/session";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { SlowHint } from "@/ui/slow-hint";
import { PasskeyPlace, PasskeyWay } from "./passkey-way";

const REQUIRED = { email: "Enter your email.", password: "Enter your password." };

type Props = {
  /** Whether the page's scripts run: before, the browser itself would send the form. */
  isReady: boolean;
  /** What was entered before. */
  email: string;
  /** Why the person has to start again; null if they don't. */
  lapse: Failure | null;
  /** The password was right, and the person has a second factor. */
  onChallenge: (challenge: Challenge, email: string) => void;
};

/** Asks for email and password, or for a passkey in their place. */
export function SignInForm({ isReady, email, lapse, onChallenge }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<AnyFailure | null>(lapse);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);

  useFirstFault(form, faults);
  useEffect(() => {
    // whoever was quicker than the scripts has chosen a field already
    if (document.activeElement !== document.body) return;
    input(form, email === "" ? "email" : "password")?.focus();
  }, [email]);

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
      const challenge = challengeOf(error);
      if (challenge) {
        onChallenge(challenge, entered.email);
        return;
      }
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
        autoComplete="username webauthn"
        defaultValue={email}
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
      {!isReady && <PasskeyPlace />}
      {isReady && hasPasskeys() && <PasskeyWay onFailure={setFailure} />}
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
