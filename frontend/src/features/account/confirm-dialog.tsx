"use client";

import { type ReactNode, useEffect, useRef } from "react";

type Props = {
  title: string;
  children: ReactNode;
  /** The words of the button that does it. */
  action: string;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks whether something is really wanted, and says what it does. */
export function ConfirmDialog({ title, children, action, onConfirm, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  function confirm() {
    dialog.current?.close();
    onConfirm();
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm"
      aria-describedby="confirm-more"
      onClose={onClose}
    >
      <h2 id="confirm">{title}</h2>
      <p id="confirm-more">{children}</p>
      <div className="actions">
        <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button type="button" className="button" onClick={confirm}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
