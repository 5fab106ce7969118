"use client";

import { createContext, useContext } from "react";

const Retrying = createContext<(() => void) | null>(null);

/** Provides how whatever has failed is retried at once. */
export const RetryingProvider = Retrying.Provider;

/**
 * Returns what a person's click on "Try now" does.
 *
 * @throws {Error} There is no `RetryingProvider` above.
 */
export function useRetry(): () => void {
  const retry = useContext(Retrying);
  if (!retry) throw new Error("useRetry needs a RetryingProvider");
  return retry;
}
