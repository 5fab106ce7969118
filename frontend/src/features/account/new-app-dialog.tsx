"use client";

import { useLayoutEffect, useRef } from "react";
import type { NewApp } from "@/api/types";
import { AppForm } from "@/ui/app-form";

type Codes = readonly string[];
type Props = {
  app: NewApp;
  /** Sends the code that the app shows. Returns recovery codes; null if the app was not added. */
  confirm: (code: string) => Promise<Codes | null>;
  /** The app was added, and the dialog is closed. */
  onAdded: (codes: Codes) => void;
  onClose: () => void;
};

/** Adds an authenticator app. */
export function NewAppDialog({ app, confirm, onAdded, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const added = useRef<Codes | null>(null);
  // before the form takes the focus
  useLayoutEffect(() => dialog.current?.showModal(), []);

  async function attempt(code: string): Promise<void> {
    added.current = await confirm(code);
    if (added.current) dialog.current?.close();
  }

  function close() {
    onClose();
    if (added.current) onAdded(added.current);
  }

  return (
    <dialog ref={dialog} aria-labelledby="new-app" onClose={close}>
      <h2 id="new-app">Set up an authenticator app</h2>
      <AppForm
        app={app}
        confirm={attempt}
        cancel={
          <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        }
      />
    </dialog>
  );
}
