"use client";

import { type Failure, isFailure } from "latchkey-session";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { SlowHint } from "@/ui/slow-hint";
import { isOver } from "./link-over";

/** What every form behind a link is given. */
export type LinkProps = {
  token: string;
  email: string;
  onDone: () => void;
  /** The link is no longer good. */
  onEnded: (failure: Failure) => void;
};

type Props<Name extends string> = Omit<LinkProps, "token"> & {
  /** The names of the fields, what the form calls each, and what to say if it is empty. */
  fields: Readonly<Record<Name, { label: string; empty: string }>>;
  /** The words of the button, also while the request is under way. */
  button: readonly [idle: string, busy: string];
  send: (entered: Record<Name, string>, signal: AbortSignal) => Promise<unknown>;
  /** What a failure says about fields besides what the service calls invalid. */
  faultsIn?: (failure: Failure | null) => Faults;
  children: (faults: Faults) => ReactNode;
};

const TIMEOUT = 30_000; // milliseconds; passwords may wait in a queue

/** A form that uses a link, which needs a click and a password that somebody has typed. */
export function LinkForm<Name extends string>(props: Props<Name>) {
  const { email, fields, button, send, faultsIn, children, onDone, onEnded } = props;
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = new Map([
    ...rejected(
      failure,
      each(fields, ({ label }) => label),
    ),
    ...(faultsIn?.(failure) ?? NO_FAULTS),
  ]);
  const faults = unfilled.size > 0 ? unfilled : refused;

  useFirstFault(form, faults);
  useEffect(() => form.current?.querySelector<HTMLElement>("input:not([readonly])")?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const entered = each(fields, (_, name) => {
      const text = String(data.get(name) ?? "");
      return name === "password" ? text : text.trim();
    });
    const found = missing<string>(
      entered,
      each(fields, ({ empty }) => empty),
    );
    setUnfilled(found);
    if (found.size > 0) return;
    await sending(async () => {
      try {
        await send(entered, AbortSignal.timeout(TIMEOUT));
        onDone();
      } catch (error) {
        if (isFailure(error) && isOver(error)) onEnded(error);
        else throw error;
      }
    });
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={refused.size > 0 ? null : failure} />
      {/* so that password managers file the password under the right name */}
      <Field label="Email" name="username" autoComplete="username" value={email} readOnly />
      {children(faults)}
      <button type="submit" className="button" aria-disabled={isPending}>
        {button[isPending ? 1 : 0]}
      </button>
      {isPending && <SlowHint />}
    </form>
  );
}

/** Returns a record with the same names, and another value for each. */
function each<Name extends string, From, To>(
  record: Readonly<Record<Name, From>>,
  change: (value: From, name: Name) => To,
): Record<Name, To> {
  const names = Object.keys(record) as Name[];
  return Object.fromEntries(names.map((name) => [name, change(record[name], name)])) as Record<
    Name,
    To
  >;
}
