"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { LONGEST_NAME } from "./passkeys-text";

type Codes = readonly string[];
type Props = {
  /** What the passkey is called unless the person changes it. */
  suggested: string;
  /** Creates and adds the passkey. Returns recovery codes; null if it was not added. */
  add: (name: string) => Promise<Codes | null>;
  /** The passkey was added, and the dialog is closed. */
  onAdded: (codes: Codes) => void;
  onClose: () => void;
};

/** Adds a passkey under a name that the person can change. */
export function NewPasskeyDialog({ suggested, add, onAdded, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const added = useRef<Codes | null>(null);
  const { isPending, failure, sending, forget } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, { name: "The name" });
  const faults = unfilled.size > 0 ? unfilled : refused;

  useEffect(() => dialog.current?.showModal(), []);
  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    const found = missing({ name }, { name: "Enter a name." });
    setUnfilled(found);
    if (found.size > 0) forget();
    else await sending(() => attempt(name));
  }

  async function attempt(name: string): Promise<void> {
    added.current = await add(name);
    if (added.current) dialog.current?.close();
  }

  function close() {
    onClose();
    if (added.current) onAdded(added.current);
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby="new-passkey"
      aria-describedby="new-passkey-more"
      onClose={close}
    >
      <h2 id="new-passkey">Add a passkey</h2>
      <p id="new-passkey-more" className="quiet">
        Your browser then asks where to keep it, and checks that it’s you by fingerprint, face or
        PIN.
      </p>
      <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
        <Refused failure={refused.size > 0 ? null : failure} />
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          maxLength={LONGEST_NAME}
          defaultValue={suggested}
          hint="So that you recognise it in the list."
          required
          error={faults.get("name")}
        />
        <div className="actions">
          <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button" aria-disabled={isPending}>
            {isPending ? "Waiting for your device…" : "Create the passkey"}
          </button>
        </div>
      </form>
    </dialog>
  );
}
