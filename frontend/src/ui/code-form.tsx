"use client";

import { HttpProblem, isLost } from "latchkey-session";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { hasPasskeys } from "@/api/passkeys";
import type { SecondFactor } from "@/api/types";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "./faults";
import { Field } from "./field";
import { lengthOf } from "./length";
import { Notice } from "./notice";
import { Refused } from "./refused";
import { askable } from "./second-factors";
import { useSending } from "./sending";
import { SlowHint } from "./slow-hint";

const FIELDS = {
  totp: {
    label: "Code from your app",
    hint: "The 6 digits that your authenticator app shows.",
    missing: "Enter the code that your app shows.",
    lost: "Enter the next code that your app shows: the last one may be used up.",
    inputMode: "numeric",
    autoComplete: "one-time-code",
    use: "Use the app",
  },
  recovery_code: {
    label: "Recovery code",
    hint: "12 letters and digits, such as 5q3x-0rd7-zk2m. Without any, ask your administrator.",
    missing: "Enter one of your recovery codes.",
    lost: "Enter another recovery code: the last one may be used up.",
    inputMode: "text",
    autoComplete: "off",
    use: "Use a recovery code",
  },
} as const satisfies Record<SecondFactor, object>;

/** What is being done: nothing, or what a button has begun. */
type Busy = null | "code" | "passkey";

type Props = {
  /** What the service accepts. */
  factors: readonly string[];
  /** The words of the button, and its words while the code is sent. */
  action: string;
  pending: string;
  /** For how many seconds the device can be remembered; null if that is not offered. */
  rememberFor?: number | null;
  send: (factor: SecondFactor, code: string, rememberDevice: boolean) => Promise<void>;
  sendPasskey: () => Promise<void>;
  /** The challenge is no longer good: only the password helps. */
  onOver: (failure: HttpProblem) => void;
  /** A button that leaves the form. */
  back: ReactNode;
};

/** Asks for a second factor: the code of one in a field, or a passkey, and ways to the others. */
export function CodeForm(props: Props) {
  const { factors, action, pending, rememberFor = null, send, sendPasskey, onOver, back } = props;
  const form = useRef<HTMLFormElement>(null);
  const asked = askable(factors);
  const hasPasskey = asked.passkey && hasPasskeys();
  const [kind, setKind] = useState(hasPasskey ? asked.codes.find(isApp) : asked.codes[0]);
  const { isPending, failure, sending, forget } = useSending();
  const [busy, setBusy] = useState<Busy>(null);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);

  useFirstFault(form, faults);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each kind has a field of its own
  useEffect(() => first(form)?.focus(), [kind]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!kind) return;
    const typed = code(form)?.value ?? "";
    const found = missing({ code: typed.trim() }, { code: FIELDS[kind].missing });
    setFaults(found);
    if (found.size > 0) forget();
    else await begin("code", () => attempt(kind, typed));
  }

  async function begin(what: Busy, work: () => Promise<void>): Promise<void> {
    if (isPending) return;
    setBusy(what);
    await sending(work);
    setBusy(null);
  }

  async function attempt(factor: SecondFactor, typed: string): Promise<void> {
    try {
      await send(factor, typed, isRemembered(form));
    } catch (error) {
      if (isLost(error)) askForAnother(factor);
      code(form)?.select();
      if (!isOver(error)) throw error;
      onOver(error);
    }
  }

  /** The service may have taken the code, and takes none twice. */
  function askForAnother(factor: SecondFactor) {
    const field = code(form);
    if (field) field.value = "";
    setFaults(new Map([["code", FIELDS[factor].lost]]));
  }

  function use(next: SecondFactor) {
    if (isPending) return;
    forget();
    setFaults(NO_FAULTS);
    setKind(next);
  }

  const ask = () => {
    setFaults(NO_FAULTS);
    return begin("passkey", sendPasskey);
  };

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={failure} />
      {kind && <CodeField key={kind} kind={kind} error={faults.get("code")} />}
      {kind && rememberFor !== null && (
        <label className="choice">
          <input type="checkbox" name="remember" />
          Don’t ask for a code on this device for {lengthOf(rememberFor)}
        </label>
      )}
      {kind && (
        <button type="submit" className="button" aria-disabled={isPending}>
          {busy === "code" ? pending : action}
        </button>
      )}
      {hasPasskey && (
        <button
          type="button"
          className={kind ? "quiet-button" : "button"}
          aria-disabled={isPending}
          onClick={ask}
        >
          {busy === "passkey" ? "Waiting for your passkey…" : "Use a passkey"}
        </button>
      )}
      {!kind && !hasPasskey && <NoPasskeys />}
      {busy === "code" && <SlowHint />}
      <div className="ways">
        {asked.codes.map(
          (each) =>
            each !== kind && (
              <button key={each} type="button" className="text-button" onClick={() => use(each)}>
                {FIELDS[each].use}
              </button>
            ),
        )}
        {back}
      </div>
    </form>
  );
}

function CodeField({ kind, error }: { kind: SecondFactor; error: string | undefined }) {
  const { label, hint, inputMode, autoComplete } = FIELDS[kind];
  return (
    <Field
      label={label}
      name="code"
      inputMode={inputMode}
      autoComplete={autoComplete}
      hint={hint}
      required
      error={error}
    />
  );
}

/** Stands in place of the field: the person has nothing but a passkey. */
function NoPasskeys() {
  return (
    <Notice kind="error" role="alert" title="This browser has no passkeys">
      Your account signs in with a passkey. Open Latchkey in the browser or on the device that has
      it.
    </Notice>
  );
}

const isApp = (kind: SecondFactor): boolean => kind === "totp";

const code = (form: { current: HTMLFormElement | null }) =>
  form.current?.querySelector<HTMLInputElement>("[name=code]") ?? null;

const isRemembered = (form: { current: HTMLFormElement | null }): boolean =>
  form.current?.querySelector<HTMLInputElement>("[name=remember]")?.checked ?? false;

/** What is asked for first: a code, or else a passkey. */
const first = (form: { current: HTMLFormElement | null }) =>
  code(form) ?? form.current?.querySelector<HTMLElement>("button") ?? null;

const isOver = (error: unknown): error is HttpProblem =>
  error instanceof HttpProblem && error.code === "challenge_invalid";
