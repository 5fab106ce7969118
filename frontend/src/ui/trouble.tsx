"use client";

import { type Failure, isPassing, NoAnswer } from "@/api/failure";
import { explain } from "./explain";

type Props = { failure: Failure; onRetry: () => void };

/** Tells why something could not be shown, and lets the person try again at once. */
export function Trouble({ failure, onRetry }: Props) {
  const { title, detail } = explain(failure);
  const isWaiting = isPassing(failure);
  return (
    <div
      className="note"
      data-kind={isWaiting ? "wait" : "error"}
      role={isWaiting ? "status" : "alert"}
    >
      <div>
        <strong>{title}</strong>
        <p>{failure instanceof NoAnswer ? "We keep trying; nothing is lost." : detail}</p>
      </div>
      <button type="button" className="quiet-button" onClick={onRetry}>
        Try now
      </button>
    </div>
  );
}
