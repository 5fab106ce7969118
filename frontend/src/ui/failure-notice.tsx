"use client";

import { type Failure, isTransient, NoResponse } from "latchkey-session";
import { explain } from "./explain";
import { Notice } from "./notice";

type Props = { failure: Failure; onRetry: () => void };

/** Says why something could not be loaded, and lets the person retry at once. */
export function FailureNotice({ failure, onRetry }: Props) {
  const { title, detail } = explain(failure);
  const isWaiting = isTransient(failure);
  return (
    <Notice
      kind={isWaiting ? "info" : "error"}
      role={isWaiting ? "status" : "alert"}
      title={title}
      action={
        <button type="button" className="quiet-button" onClick={onRetry}>
          Try now
        </button>
      }
    >
      {failure instanceof NoResponse ? "We keep trying; nothing is lost." : detail}
    </Notice>
  );
}
