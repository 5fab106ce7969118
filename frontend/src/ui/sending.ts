"use client";

import { type Failure, isFailure } from "latchkey-session";
import { useState } from "react";

/** What a form is doing: one request at a time, and why the last one failed. */
export function useSending() {
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function sending(work: () => Promise<void>): Promise<void> {
    if (isPending) return;
    setIsPending(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      if (!isFailure(error)) throw error;
      setFailure(error);
    } finally {
      setIsPending(false);
    }
  }

  return { isPending, failure, sending, forget: () => setFailure(null) };
}
