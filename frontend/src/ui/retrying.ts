"use client";

import { createContext, useContext } from "react";

const Retrying = createContext(() => {});

/** Says how whatever has failed is retried at once. */
export const RetryingProvider = Retrying.Provider;

/** Returns what a person's click on "Try now" does. */
export const useRetry = (): (() => void) => useContext(Retrying);
