"use client";

import { isFailure } from "latchkey-session";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { SlowHint } from "@/ui/slow-hint";
import { isTooOld, useRecentSignIn } from "./recent-sign-in";

type Entered = { currentPassword: string; email?: string };

type Props = {
  id: string;
  title: string;
  /** The words of the button that submits, also while the request is under way. */
  button: readonly [idle: string, busy: string];
  /** What to say about fields besides the password that were left empty. */
  required?: Readonly<Record<string, string>>;
  failure: Error | null;
  /** What the service says is wrong with fields. */
  refused: Faults;
  isPending: boolean;
  onSubmit: (entered: Entered) => Promise<void>;
  onClose: () => void;
  children: (faults: Faults) => ReactNode;
};

/**
 * A dialog for a change that needs the current password, and a recent sign-in if the person has a
 * second factor. It closes when the change is made.
 */
export function PasswordDialog(props: Props) {
  const { id, title, button, required, failure, refused, isPending, onSubmit, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const { recently, dialog: signInAgain } = useRecentSignIn();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const faults = unfilled.size > 0 ? unfilled : refused;

  useEffect(() => dialog.current?.showModal(), []);
  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const entered = Object.fromEntries(new FormData(event.currentTarget)) as Entered;
    const found = missing<string>(entered as Record<string, string>, {
      ...required,
      currentPassword: "Enter your current password.",
    });
    setUnfilled(found);
    if (found.size > 0) return;
    try {
      await recently(async () => {
        await onSubmit(entered);
        dialog.current?.close();
      });
    } catch (error) {
      if (!isFailure(error)) throw error; // a failure comes back as a property
    }
  }

  const isShown = isFailure(failure) && !isTooOld(failure);
  return (
    <>
      <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
        <form ref={form} method="post" onSubmit={submit} noValidate>
          <h2 id={id}>{title}</h2>
          <Refused failure={isShown && faults.size === 0 ? failure : null} />
          {props.children(faults)}
          <Field
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
            error={faults.get("currentPassword")}
          />
          <div className="actions">
            <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="submit" className="button" aria-disabled={isPending}>
              {button[isPending ? 1 : 0]}
            </button>
          </div>
          {isPending && <SlowHint />}
        </form>
      </dialog>
      {signInAgain}
    </>
  );
}
