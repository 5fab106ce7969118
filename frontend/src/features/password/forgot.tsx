"use client";

import Link from "next/link";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import { HOME } from "@/navigation/pages";
import { Brand } from "@/ui/brand";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Notice } from "@/ui/notice";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { SlowHint } from "@/ui/slow-hint";

const TIMEOUT = 30_000; // milliseconds

/** Asks for a link that sets a new password. Nobody learns whether an account has the address. */
export function Forgot() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  return (
    <>
      <Brand />
      <h1>Forgot your password?</h1>
      {sentTo === null ? (
        <ForgotForm onSent={setSentTo} />
      ) : (
        <Sent to={sentTo} onAgain={() => setSentTo(null)} />
      )}
      <Link className="quiet" href={HOME}>
        Back to sign in
      </Link>
    </>
  );
}

function Sent({ to, onAgain }: { to: string; onAgain: () => void }) {
  return (
    <Notice
      kind="info"
      role="status"
      title="Look into your mailbox"
      action={
        <button type="button" className="quiet-button" onClick={onAgain}>
          Ask again
        </button>
      }
    >
      If {to} has an account, a mail with a link is on its way. If none arrives within a few
      minutes, check the address, and look among the spam.
    </Notice>
  );
}

function ForgotForm({ onSent }: { onSent: (email: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const isReady = useIsReady();
  const { isPending, failure, sending } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, { email: "Email" });
  const faults = unfilled.size > 0 ? unfilled : refused;
  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email") ?? "").trim();
    const found = missing({ email }, { email: "Enter your email." });
    setUnfilled(found);
    if (found.size > 0) return;
    await sending(async () => {
      const signal = AbortSignal.timeout(TIMEOUT);
      await ask(
        anonymous.POST("/api/auth/password-resets", { body: { email }, signal }),
        isMessage,
      );
      onSent(email);
    });
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={refused.size > 0 ? null : failure} />
      <p className="quiet">We send you a link with which you can set a new one.</p>
      <Field
        label="Email"
        name="email"
        inputMode="email"
        autoComplete="username"
        required
        error={faults.get("email")}
      />
      <button type="submit" className="button" disabled={!isReady} aria-disabled={isPending}>
        {isPending ? "Sending…" : "Send the link"}
      </button>
      {isPending && <SlowHint />}
    </form>
  );
}

/** Returns whether the page's scripts run: before, the browser itself would send the form. */
function useIsReady(): boolean {
  const [isReady, setIsReady] = useState(false);
  useEffect(() => setIsReady(true), []);
  return isReady;
}
