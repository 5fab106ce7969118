"use client";

import type { Failure } from "latchkey-session";
import { hasPasskeys } from "@/api/passkeys";
import { showCodes } from "@/session/new-codes";
import { enrolPasskey } from "@/session/passkeys";
import { useFeatures } from "@/ui/features";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { isOver } from "./is-over";

type Props = {
  challenge: string;
  /** The challenge is no longer good: only the password helps. */
  onOver: (failure: Failure) => void;
};

/** What the passkey is called: the service doesn't say what it takes this browser for. */
const NAME = "My first passkey";

/** The way to add a passkey in place of an app, where service and browser have passkeys. */
export function RequiredPasskey(props: Props) {
  const features = useFeatures();
  return features?.passkeys && hasPasskeys() ? <PasskeyButton {...props} /> : null;
}

function PasskeyButton({ challenge, onOver }: Props) {
  const { isPending, failure, sending } = useSending();

  async function add(): Promise<void> {
    try {
      showCodes(await enrolPasskey(challenge, NAME));
    } catch (error) {
      if (!isOver(error)) throw error;
      onOver(error);
    }
  }

  return (
    <>
      <Refused failure={failure} />
      <button
        type="button"
        className="button"
        aria-disabled={isPending}
        onClick={() => sending(add)}
      >
        {isPending ? "Waiting for your device…" : "Create a passkey"}
      </button>
      <p className="quiet">Or use an app:</p>
    </>
  );
}
