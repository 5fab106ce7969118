"use client";

import type { Failure } from "latchkey-session";
import { isTransient } from "latchkey-session";
import { explain } from "./explain";
import { Notice } from "./notice";

/** Says why a form was not accepted, read out at once. Empty if it was. */
export function Refused({ failure }: { failure: Failure | null }) {
  return <div role="alert">{failure && <Reason failure={failure} />}</div>;
}

function Reason({ failure }: { failure: Failure }) {
  const { title, detail } = explain(failure);
  return (
    <Notice kind={isTransient(failure) ? "info" : "error"} title={title}>
      {detail}
    </Notice>
  );
}
