"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Failure, isFailure, isPassing } from "@/api/failure";
import type { Credentials } from "@/api/types";
import { farewellWords } from "@/session/farewell";
import { signIn } from "@/session/session";
import { useSession } from "@/session/state";
import { explain } from "./explain";
import { Field } from "./field";
import { Forward } from "./forward";
import { wanted } from "./pages";
import { Restoring } from "./restoring";

/** Lets a visitor sign in, and sends whoever has done so on to where they wanted to go. */
export function SignIn() {
  const session = useSession();
  if (session.phase === "restoring") return <Restoring failure={session.failure} />;
  if (session.phase === "signedIn") return <Forward to={wanted(location.search)} />;
  return (
    <>
      <h1>Sign in</h1>
      {session.farewell && (
        <p className="note" data-kind="wait" role="status">
          {farewellWords(session.farewell)}
        </p>
      )}
      <SignInForm />
    </>
  );
}

function SignInForm() {
  const form = useRef<HTMLFormElement>(null);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const words = failure && explain(failure);

  useEffect(() => input(form, "email")?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    setIsPending(true);
    setFailure(null);
    try {
      await signIn(credentials(new FormData(event.currentTarget)));
    } catch (refused) {
      if (!isFailure(refused)) throw refused;
      setFailure(refused);
      input(form, "password")?.select();
    } finally {
      setIsPending(false);
    }
  }

  return (
    <form ref={form} className="sheet" onSubmit={submit} noValidate>
      <div role="alert">
        {words && (
          <div className="note" data-kind={isPassing(failure) ? "wait" : "error"}>
            <div>
              <strong>{words.title}</strong>
              <p>{words.detail}</p>
            </div>
          </div>
        )}
      </div>
      <Field label="Email" name="email" inputMode="email" autoComplete="username" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <button type="submit" className="button" aria-disabled={isPending}>
        Sign in
      </button>
    </form>
  );
}

function input(form: { current: HTMLFormElement | null }, name: string): HTMLInputElement | null {
  return form.current?.querySelector(`[name=${name}]`) ?? null;
}

function credentials(form: FormData): Credentials {
  return { email: String(form.get("email") ?? ""), password: String(form.get("password") ?? "") };
}
