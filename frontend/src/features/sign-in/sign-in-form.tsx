"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Failure, isFailure } from "@/api/failure";
import { isTransient } from "@/api/retry";
import type { Credentials } from "@/api/types";
import { signIn } from "@/session/session";
import { explain } from "@/ui/explain";
import { Field } from "@/ui/field";
import { Notice } from "@/ui/notice";

export function SignInForm() {
  const form = useRef<HTMLFormElement>(null);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  useEffect(() => input(form, "email")?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    setIsPending(true);
    setFailure(null);
    try {
      await signIn(credentials(new FormData(event.currentTarget)));
    } catch (error) {
      if (!isFailure(error)) throw error;
      setFailure(error);
      input(form, "password")?.select();
    } finally {
      setIsPending(false);
    }
  }

  return (
    <form ref={form} className="sign-in-form" onSubmit={submit} noValidate>
      <div role="alert">{failure && <Refused failure={failure} />}</div>
      <Field label="Email" name="email" inputMode="email" autoComplete="username" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <button type="submit" className="button" aria-disabled={isPending}>
        Sign in
      </button>
    </form>
  );
}

function Refused({ failure }: { failure: Failure }) {
  const { title, detail } = explain(failure);
  return (
    <Notice kind={isTransient(failure) ? "info" : "error"} title={title}>
      {detail}
    </Notice>
  );
}

function input(form: { current: HTMLFormElement | null }, name: string): HTMLInputElement | null {
  return form.current?.querySelector(`[name=${name}]`) ?? null;
}

function credentials(form: FormData): Credentials {
  return { email: String(form.get("email") ?? ""), password: String(form.get("password") ?? "") };
}
