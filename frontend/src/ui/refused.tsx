"use client";

import { isTransient } from "latchkey-session";
import type { AnyFailure } from "@/api/failure";
import { explain } from "./explain";
import { Notice } from "./notice";

/** Says why a form was not accepted, read out at once. Empty if it was. */
export function Refused({ failure }: { failure: AnyFailure | null }) {
  return <div role="alert">{failure && <Reason failure={failure} />}</div>;
}

function Reason({ failure }: { failure: AnyFailure }) {
  const { title, detail } = explain(failure);
  return (
    <Notice kind={isTransient(failure) ? "info" : "error"} title={title}>
      {detail}
    </Notice>
  );
}
