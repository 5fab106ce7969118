"use client";

import { useEffect, useState } from "react";
import { type AnyFailure, isAnyFailure } from "@/api/failure";
import { offerPasskeys, signInWithPasskey } from "@/session/passkeys";
import { useFeatures } from "@/ui/features";

type Props = {
  /** Is told why a passkey did not sign in; null when a new attempt begins. */
  onFailure: (failure: AnyFailure | null) => void;
};

/** The way to sign in with a passkey alone, where the service has passkeys. */
export function PasskeyWay({ onFailure }: Props) {
  const features = useFeatures();
  if (features === null) return <PasskeyPlace />;
  return features.passkeys ? <PasskeyButton onFailure={onFailure} /> : null;
}

/** The place of the button while it is not known whether there is one, so that nothing moves. */
export function PasskeyPlace() {
  return <span className="quiet-button place" />;
}

/**
 * A button that opens the browser's window. Meanwhile, and only then, the browser doesn't offer
 * passkeys in the field for the email: it does one at a time.
 */
function PasskeyButton({ onFailure }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const isPending = isAsking || isSending;

  useEffect(() => {
    if (isAsking) return;
    const stop = new AbortController();
    const sending = (isNow: boolean) => {
      if (stop.signal.aborted) return;
      if (isNow) onFailure(null);
      setIsSending(isNow);
    };
    void offerPasskeys(stop.signal, onFailure, sending);
    return () => stop.abort();
  }, [isAsking, onFailure]);

  async function ask() {
    if (isPending) return;
    onFailure(null);
    setIsAsking(true);
    try {
      await signInWithPasskey();
    } catch (error) {
      if (!isAnyFailure(error)) throw error;
      onFailure(error);
    } finally {
      setIsAsking(false);
    }
  }

  return (
    <button type="button" className="quiet-button" aria-disabled={isPending} onClick={ask}>
      {isPending ? "Waiting for your passkey…" : "Sign in with a passkey"}
    </button>
  );
}
