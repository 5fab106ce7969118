"use client";

import { type Failure, isFailure, isTransient, retryDelay } from "latchkey-session";
import { useCallback, useEffect, useRef, useState } from "react";
import { signOut } from "@/session/session";

type SignOut = {
  isPending: boolean;
  /** Why the latest attempt failed; null if there was none, or the person stays. */
  failure: Failure | null;
  attempt: () => void;
  stay: () => void;
};

/**
 * Signs out. An attempt that failed is repeated until the service confirms it or the person decides
 * to stay: nobody may believe to be signed out while the session goes on.
 */
export function useSignOut(onSignedOut: () => void): SignOut {
  const isRunning = useRef(false);
  const done = useRef(onSignedOut);
  const [isPending, setIsPending] = useState(false);
  const [failures, setFailures] = useState<Failure[]>([]);
  const failure = failures.at(-1) ?? null;

  const attempt = useCallback(async () => {
    if (isRunning.current) return;
    isRunning.current = true;
    setIsPending(true);
    try {
      await signOut();
      done.current();
    } catch (error) {
      if (!isFailure(error)) throw error;
      setFailures((earlier) => [...earlier, error]);
    } finally {
      isRunning.current = false;
      setIsPending(false);
    }
  }, []);

  useEffect(() => {
    if (!isTransient(failure)) return;
    const timer = setTimeout(attempt, retryDelay(failure, failures.length - 1));
    return () => clearTimeout(timer);
  }, [attempt, failure, failures]);

  return { isPending, failure, attempt, stay: () => setFailures([]) };
}
