"use client";

import { useEffect, useRef } from "react";
import { type AcceptedPasskeys, signalAccepted } from "@/api/passkeys";
import type { Factors } from "@/api/types";

/**
 * Tells the browser which passkeys the signed-in person has, whenever that is loaded: it forgets
 * those that were removed, here or elsewhere.
 */
export function useAcceptedPasskeys(factors: Factors | undefined): void {
  const known = useRef<AcceptedPasskeys | null>(null);
  useEffect(() => {
    if (!factors) return;
    const accepted = factors.acceptedPasskeys ?? (known.current && none(known.current));
    known.current = factors.acceptedPasskeys;
    if (accepted) void signalAccepted(accepted);
  }, [factors]);
}

/** The last passkey was removed. Without any, the service doesn't say whose they were. */
const none = (before: AcceptedPasskeys): AcceptedPasskeys => ({
  ...before,
  allAcceptedCredentialIds: [],
});
