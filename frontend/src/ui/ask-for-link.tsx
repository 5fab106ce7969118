"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "./faults";
import { Field } from "./field";
import { Refused } from "./refused";
import { useSending } from "./sending";
import { SlowHint } from "./slow-hint";

type Init = { body: { email: string }; signal: AbortSignal };

type Props = {
  /** What the link is good for, as a sentence. */
  hint: string;
  send: (init: Init) => Parameters<typeof ask>[0];
  onSent: (email: string) => void;
};

const TIMEOUT = 30_000; // milliseconds

/** Asks for an address, and has a link sent to it. */
export function AskForLink({ hint, send, onSent }: Props) {
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
      await ask(send({ body: { email }, signal }), isMessage);
      onSent(email);
    });
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={refused.size > 0 ? null : failure} />
      <p className="quiet">{hint}</p>
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
