"use client";

import { useQuery } from "@tanstack/react-query";
import { HttpProblem } from "latchkey-session";
import { type ReactNode, useState } from "react";
import { factorsQuery } from "./factors-query";
import { SignInAgain } from "./sign-in-again";

type RecentSignIn = {
  /** Does something that may need a recent sign-in. If the person cancels, it is not done. */
  recently: (work: () => Promise<void>) => Promise<void>;
  /** Where the person signs in again; null while nobody has to. */
  dialog: ReactNode;
};

/**
 * Repeats what the service refuses because the sign-in is too old (RFC 9470), once the person has
 * signed in again in a dialog.
 */
export function useRecentSignIn(): RecentSignIn {
  const passkeys = useQuery(factorsQuery).data?.acceptedPasskeys?.allAcceptedCredentialIds ?? [];
  const [answer, setAnswer] = useState<((isSignedIn: boolean) => void) | null>(null);

  const ask = () => new Promise<boolean>((resolve) => setAnswer(() => resolve));

  async function recently(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isTooOld(error)) throw error;
      if (await ask()) await work();
    }
  }

  function close(isSignedIn: boolean) {
    setAnswer(null);
    answer?.(isSignedIn);
  }

  return { recently, dialog: answer && <SignInAgain passkeys={passkeys} onClose={close} /> };
}

/** Whether the service refuses something because the sign-in is too old. */
export const isTooOld = (error: unknown): boolean =>
  error instanceof HttpProblem && error.code === "reauthentication_required";
