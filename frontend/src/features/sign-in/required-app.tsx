"use client";

import { type Failure, isFailure } from "latchkey-session";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isNewApp } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { NewApp } from "@/api/types";
import { showCodes } from "@/session/new-codes";
import { completeEnrolment } from "@/session/session";
import { AppForm } from "@/ui/app-form";
import { Notice } from "@/ui/notice";
import { Waiting } from "@/ui/waiting";
import { isOver } from "./is-over";
import { RequiredPasskey } from "./required-passkey";

type Props = {
  challenge: string;
  /** The challenge is no longer good: only the password helps. */
  onOver: (failure: Failure) => void;
  /** A button that leaves the form. */
  back: ReactNode;
};

const TIMEOUT = 30_000; // milliseconds

/**
 * Signs in a person who must have a second factor and has none, by adding an authenticator app, or a
 * passkey in its place.
 */
export function RequiredApp({ challenge, onOver, back }: Props) {
  const [app, setApp] = useState<NewApp | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const begin = useCallback(async () => {
    setFailure(null);
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const body = { challenge };
      setApp(await ask(anonymous.POST("/api/auth/login/enrolment", { body, signal }), isNewApp));
    } catch (error) {
      if (!isFailure(error)) throw error;
      setFailure(error);
    }
  }, [challenge]);
  useEffect(() => void begin(), [begin]);
  useEffect(() => {
    if (isOver(failure)) onOver(failure);
  }, [failure, onOver]);

  async function confirm(code: string): Promise<void> {
    if (!app) return;
    try {
      showCodes(await completeEnrolment({ challenge, id: app.id, code }));
    } catch (error) {
      if (!isOver(error)) throw error;
      onOver(error);
    }
  }

  return (
    <>
      <Notice kind="info" role="status" title="You need a second step">
        Your role does not sign in with a password alone. Set up an authenticator app, or a passkey.
      </Notice>
      <RequiredPasskey challenge={challenge} onOver={onOver} />
      {app ? (
        <AppForm app={app} confirm={confirm} cancel={back} />
      ) : (
        <>
          <Waiting failure={failure} onRetry={begin} />
          {back}
        </>
      )}
    </>
  );
}
