"use client";

import { HttpProblem } from "latchkey-session";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { SecondFactor } from "@/api/types";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "./faults";
import { Field } from "./field";
import { Refused } from "./refused";
import { askable } from "./second-factors";
import { useSending } from "./sending";
import { SlowHint } from "./slow-hint";

const FIELDS = {
  totp: {
    label: "Code from your app",
    hint: "The 6 digits that your authenticator app shows.",
    missing: "Enter the code that your app shows.",
    inputMode: "numeric",
    autoComplete: "one-time-code",
    others: "Use a recovery code",
  },
  recovery_code: {
    label: "Recovery code",
    hint: "12 letters and digits, such as 5q3x-0rd7-zk2m. Without any, ask your administrator.",
    missing: "Enter one of your recovery codes.",
    inputMode: "text",
    autoComplete: "off",
    others: "Use the app",
  },
} as const satisfies Record<SecondFactor, object>;

type Props = {
  /** What the service accepts. */
  factors: readonly string[];
  /** The words of the button, and its words while the code is sent. */
  action: string;
  pending: string;
  send: (factor: SecondFactor, code: string) => Promise<void>;
  /** The challenge is no longer good: only the password helps. */
  onOver: (failure: HttpProblem) => void;
  /** A button that leaves the form. */
  back: ReactNode;
};

/** Asks for the code of a second factor: one field, and a way to use another kind of code. */
export function CodeForm({ factors, action, pending, send, onOver, back }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const kinds = askable(factors);
  const [kind, setKind] = useState<SecondFactor>(kinds[0]);
  const other = kinds.find((each) => each !== kind);
  const { isPending, failure, sending, forget } = useSending();
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const { label, hint, others, missing: words, ...input } = FIELDS[kind];

  useFirstFault(form, faults);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each kind has a field of its own
  useEffect(() => code(form)?.focus(), [kind]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = code(form)?.value ?? "";
    const found = missing({ code: typed.trim() }, { code: words });
    setFaults(found);
    if (found.size > 0) forget();
    else await sending(() => attempt(typed));
  }

  async function attempt(typed: string): Promise<void> {
    try {
      await send(kind, typed);
    } catch (error) {
      code(form)?.select();
      if (!isOver(error)) throw error;
      onOver(error);
    }
  }

  function use(next: SecondFactor) {
    if (isPending) return;
    forget();
    setFaults(NO_FAULTS);
    setKind(next);
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={failure} />
      <Field
        {...input}
        key={kind}
        label={label}
        name="code"
        hint={hint}
        required
        error={faults.get("code")}
      />
      <button type="submit" className="button" aria-disabled={isPending}>
        {isPending ? pending : action}
      </button>
      {isPending && <SlowHint />}
      <div className="ways">
        {other && (
          <button type="button" className="text-button" onClick={() => use(other)}>
            {others}
          </button>
        )}
        {back}
      </div>
    </form>
  );
}

const code = (form: { current: HTMLFormElement | null }) =>
  form.current?.querySelector<HTMLInputElement>("[name=code]") ?? null;

const isOver = (error: unknown): error is HttpProblem =>
  error instanceof HttpProblem && error.code === "challenge_invalid";
