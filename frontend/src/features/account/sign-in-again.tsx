"use client";

import { type Challenge, challengeOf, HttpProblem } from "latchkey-session";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { hasPasskeys } from "@/api/passkeys";
import { signInWithPasskey } from "@/session/passkeys";
import { completeSignIn, signIn } from "@/session/session";
import { useSession } from "@/session/state";
import { CodeForm } from "@/ui/code-form";
import { type Faults, missing, NO_FAULTS, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { SlowHint } from "@/ui/slow-hint";

type Props = {
  /** The ids of the person's passkeys: those of others would sign in somebody else. */
  passkeys: readonly string[];
  onClose: (isSignedIn: boolean) => void;
};

/** Asks the signed-in person for password and code, or a passkey, again. They stay on their page. */
export function SignInAgain({ passkeys, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isDone = useRef(false);
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const [lapse, setLapse] = useState<HttpProblem | null>(null);

  useEffect(() => dialog.current?.showModal(), []);

  function finish() {
    isDone.current = true;
    dialog.current?.close();
  }

  function startAgain(problem: HttpProblem) {
    setLapse(problem);
    setChallenge(null);
  }

  async function sendPasskey() {
    await signInWithPasskey(passkeys);
    finish();
  }

  const cancel = (
    <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
      Cancel
    </button>
  );
  return (
    <dialog
      ref={dialog}
      aria-labelledby="sign-in-again"
      aria-describedby="why-again"
      onClose={() => onClose(isDone.current)}
    >
      <h2 id="sign-in-again">Confirm that it’s you</h2>
      <p id="why-again" className="quiet">
        You signed in a while ago. A change like this needs a new sign-in; you stay on this page.
      </p>
      {challenge ? (
        <CodeForm
          factors={challenge.factors}
          action="Confirm"
          pending="Confirming…"
          send={async (factor, code) => {
            await completeSignIn({ challenge: challenge.challenge, factor, code });
            finish();
          }}
          sendPasskey={sendPasskey}
          onOver={startAgain}
          back={cancel}
        />
      ) : (
        <PasswordForm
          lapse={lapse}
          onChallenge={setChallenge}
          onDone={finish}
          sendPasskey={passkeys.length > 0 && hasPasskeys() ? sendPasskey : null}
          cancel={cancel}
        />
      )}
    </dialog>
  );
}

type FormProps = {
  lapse: HttpProblem | null;
  onChallenge: (challenge: Challenge) => void;
  onDone: () => void;
  /** Null if the person has no passkey, or the browser none of anybody. */
  sendPasskey: (() => Promise<void>) | null;
  cancel: ReactNode;
};

function PasswordForm({ lapse, onChallenge, onDone, sendPasskey, cancel }: FormProps) {
  const session = useSession();
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending, forget } = useSending();
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = refusals(failure);
  const faults = unfilled.size > 0 ? unfilled : refused;
  const [isAsking, setIsAsking] = useState(false);
  const email = session.phase === "signedIn" ? session.user.email : "";

  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    const found = missing({ password }, { password: "Enter your password." });
    setUnfilled(found);
    if (found.size > 0) forget();
    else await sending(() => send(password));
  }

  async function ask(send: () => Promise<void>) {
    setUnfilled(NO_FAULTS);
    setIsAsking(true);
    await sending(send);
    setIsAsking(false);
  }

  async function send(password: string): Promise<void> {
    try {
      await signIn({ email, password, askSecondFactor: true });
      onDone();
    } catch (error) {
      const challenge = challengeOf(error);
      if (!challenge || challenge.factors.length === 0) throw error; // none that they could prove
      onChallenge(challenge);
    }
  }

  return (
    <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
      <Refused failure={refused.size > 0 ? null : (failure ?? lapse)} />
      {/* so that password managers find the password */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={faults.get("password")}
      />
      <div className="actions">
        {cancel}
        <button type="submit" className="button" aria-disabled={isPending}>
          {isPending && !isAsking ? "Confirming…" : "Confirm"}
        </button>
      </div>
      {sendPasskey && (
        <button
          type="button"
          className="quiet-button"
          aria-disabled={isPending}
          onClick={() => isPending || ask(sendPasskey)}
        >
          {isAsking ? "Waiting for your passkey…" : "Use a passkey"}
        </button>
      )}
      {isPending && !isAsking && <SlowHint />}
    </form>
  );
}

/** A wrong password is told at its field: the email is not asked for. */
function refusals(failure: unknown): Faults {
  const isWrong = failure instanceof HttpProblem && failure.code === "invalid_credentials";
  return isWrong ? new Map([["password", "That isn’t your password."]]) : NO_FAULTS;
}
