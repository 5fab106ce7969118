"use client";

import type { Failure } from "@/api/failure";
import { restore } from "@/session/session";
import { Trouble } from "./trouble";

/** Stands where a page will be, until it's known who sits here. */
export function Restoring({ failure }: { failure: Failure | null }) {
  if (failure) return <Trouble failure={failure} onRetry={restore} />;
  return (
    <p className="wait" role="status">
      <span className="visually-hidden">Loading</span>
    </p>
  );
}
