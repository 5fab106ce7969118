"use client";

import { type RefObject, useEffect } from "react";

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

/** Moves the focus to the first field of a form that is wrong, whenever something is. */
export function useFirstFault(form: RefObject<HTMLFormElement | null>, faults: Faults): void {
  useEffect(() => {
    if (faults.size > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [form, faults]);
}
