"use client";

import { HttpProblem } from "latchkey-session";
import { type RefObject, useEffect } from "react";
import { lookup } from "@/api/lookup";
import { explain } from "./explain";

/** What is wrong with which field of a form, as a sentence each. */
export type Faults = ReadonlyMap<string, string>;

export const NO_FAULTS: Faults = new Map();

/**
 * Returns what is wrong with fields that were left empty.
 *
 * @param required The names of the fields, and what to say about each.
 */
export function missing<Name extends string>(
  entered: Readonly<Record<NoInfer<Name>, string>>,
  required: Readonly<Record<Name, string>>,
): Faults {
  const names = Object.keys(required) as Name[];
  return new Map(
    names.filter((name) => entered[name] === "").map((name) => [name, required[name]]),
  );
}

/**
 * Returns what the service says is wrong with fields of a form.
 *
 * Its messages are predicates, such as "must have 8 to 128 characters".
 *
 * @param labels The names of the fields, and what the form calls each.
 */
export function rejected<Name extends string>(
  failure: unknown,
  labels: Readonly<Record<Name, string>>,
): Map<string, string> {
  const found = new Map<string, string>();
  if (!(failure instanceof HttpProblem)) return found;
  for (const { field, message } of failure.problem.errors ?? []) {
    const label = lookup<Name, string>(labels, field);
    if (label) found.set(field, `${label} ${message}.`);
  }
  return found;
}

/**
 * Returns that the current password, which a change needs, is another one; nothing if a failure says
 * something else.
 *
 * @param name The name of its field.
 */
export function incorrectPassword(failure: unknown, name: string): Faults {
  const isIncorrect = failure instanceof HttpProblem && failure.code === "password_incorrect";
  return isIncorrect ? new Map([[name, `${explain(failure).title}.`]]) : NO_FAULTS;
}

/** Moves the focus to the first field of a form that is wrong, whenever something is. */
export function useFirstFault(form: RefObject<HTMLFormElement | null>, faults: Faults): void {
  useEffect(() => {
    if (faults.size > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [form, faults]);
}
