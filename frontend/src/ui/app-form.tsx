"use client";

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { NewApp } from "@/api/types";
import { CopyButton } from "./copy-button";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "./faults";
import { Field } from "./field";
import { inGroups } from "./in-groups";
import { QrCode } from "./qr-code";
import { Refused } from "./refused";
import { useSending } from "./sending";
import { SlowHint } from "./slow-hint";

type Props = {
  app: NewApp;
  /** Sends the code that the app shows. */
  confirm: (code: string) => Promise<void>;
  /** A button that leaves the form. */
  cancel: ReactNode;
};

/** Shows the secret of a new authenticator app, and asks for a code that it makes. */
export function AppForm({ app, confirm, cancel }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending, forget } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, { code: "The code" });
  const faults = unfilled.size > 0 ? unfilled : refused;

  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "");
    const found = missing({ code: code.trim() }, { code: "Enter the code that your app shows." });
    setUnfilled(found);
    if (found.size > 0) forget();
    else await sending(() => confirm(code));
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <NewSecret app={app} />
      <Refused failure={refused.size > 0 ? null : failure} />
      <Field
        label="Code from your app"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        hint="The 6 digits that it shows now."
        required
        error={faults.get("code")}
      />
      <div className="actions">
        {cancel}
        <button type="submit" className="button" aria-disabled={isPending}>
          {isPending ? "Checking…" : "Confirm"}
        </button>
      </div>
      {isPending && <SlowHint />}
    </form>
  );
}

/** Takes the focus, so that it is read out and in view before the field. */
function NewSecret({ app: { secret, uri } }: { app: NewApp }) {
  const first = useRef<HTMLParagraphElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div className="new-secret">
      <p ref={first} tabIndex={-1}>
        Scan this with an authenticator app on your phone.
      </p>
      <QrCode text={uri} label="QR code for your authenticator app" />
      <p>
        On this phone? <a href={uri}>Open the app</a>, or type this key into it:
      </p>
      <p className="key">
        <code>{inGroups(secret)}</code>
      </p>
      <p>
        <CopyButton text={secret} label="Copy the key" />
      </p>
    </div>
  );
}
