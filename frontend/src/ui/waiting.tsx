"use client";

import type { Failure } from "latchkey-session";
import { FailureNotice } from "./failure-notice";
import { SlowHint } from "./slow-hint";

type Props = { failure: Failure | null; onRetry: () => void };

/** Stands where a page will be, as long as it isn't known which. */
export function Waiting({ failure, onRetry }: Props) {
  if (failure) return <FailureNotice failure={failure} onRetry={onRetry} />;
  return (
    <>
      <p className="waiting" role="status">
        <span className="visually-hidden">Loading</span>
      </p>
      <SlowHint />
    </>
  );
}
