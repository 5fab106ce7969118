"use client";

import { useState } from "react";
import { type AnyFailure, isAnyFailure } from "@/api/failure";

/** What a form is doing: one request at a time, and why the last one failed. */
export function useSending() {
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<AnyFailure | null>(null);

  async function sending(work: () => Promise<void>): Promise<void> {
    if (isPending) return;
    setIsPending(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      if (!isAnyFailure(error)) throw error;
      setFailure(error);
    } finally {
      setIsPending(false);
    }
  }

  return { isPending, failure, sending, forget: () => setFailure(null) };
}
