"use client";

import type { Challenge, Failure } from "latchkey-session";
import Link from "next/link";
import { useEffect, useState } from "react";
import { signInWithPasskey } from "@/session/passkeys";
import { completeSignIn } from "@/session/session";
import { useSession } from "@/session/state";
import { Brand } from "@/ui/brand";
import { CodeForm } from "@/ui/code-form";
import { Notice } from "@/ui/notice";
import { keepsCookies } from "./cookies";
import { endingWords } from "./ending";
import { RequiredApp } from "./required-app";
import { SignInForm } from "./sign-in-form";

/** What was entered, and what the service wants besides. It is kept here alone. */
type Step = { email: string; challenge: Challenge | null; lapse: Failure | null };

const FIRST: Step = { email: "", challenge: null, lapse: null };

/** Signs a visitor in: with a passkey, or with email and password and perhaps a second factor. */
export function SignIn() {
  const [step, setStep] = useState(FIRST);
  const [isBlocked, setIsBlocked] = useState(false);
  useEffect(() => setIsBlocked(!keepsCookies()), []);
  const startAgain = (lapse: Failure | null) => setStep({ ...step, challenge: null, lapse });
  return (
    <>
      <Brand />
      <h1>{step.challenge ? "One more step" : "Sign in"}</h1>
      {isBlocked && <CookiesBlocked />}
      {!isBlocked && !step.challenge && <WithPassword step={step} onStep={setStep} />}
      {step.challenge && <WithCode challenge={step.challenge} onStartAgain={startAgain} />}
    </>
  );
}

function WithPassword({ step, onStep }: { step: Step; onStep: (step: Step) => void }) {
  const session = useSession();
  const ending = session.phase === "signedOut" ? session.ending : null;
  return (
    <>
      {ending && !step.lapse && (
        <Notice kind="info" role="status">
          {endingWords(ending)}
        </Notice>
      )}
      <SignInForm
        isReady={session.phase !== "starting"}
        email={step.email}
        lapse={step.lapse}
        onChallenge={(challenge, email) => onStep({ email, challenge, lapse: null })}
      />
      <Link className="quiet" href="/forgot/">
        Forgot password?
      </Link>
      {/* whether there is registration is told there: this page doesn't wait for the service */}
      <Link className="quiet" href="/register/">
        No account yet?
      </Link>
    </>
  );
}

type CodeProps = { challenge: Challenge; onStartAgain: (lapse: Failure | null) => void };

function WithCode({ challenge: asked, onStartAgain }: CodeProps) {
  const { challenge, factors, rememberDeviceFor } = asked;
  const back = (
    <button type="button" className="text-button" onClick={() => onStartAgain(null)}>
      Back
    </button>
  );
  if (factors.length === 0) {
    return <RequiredApp challenge={challenge} onOver={onStartAgain} back={back} />;
  }
  return (
    <CodeForm
      factors={factors}
      action="Sign in"
      pending="Signing in…"
      rememberFor={rememberDeviceFor}
      send={(factor, code, rememberDevice) =>
        completeSignIn({ challenge, factor, code, ...(rememberDevice && { rememberDevice }) })
      }
      sendPasskey={() => signInWithPasskey()}
      onOver={onStartAgain}
      back={back}
    />
  );
}

/** Stands in place of the form: each sign-in would leave a session that nobody can use or end. */
function CookiesBlocked() {
  return (
    <Notice kind="error" role="alert" title="Cookies are blocked">
      Latchkey keeps you signed in with a cookie. Allow cookies for this site in your browser’s
      settings, then reload this page.
    </Notice>
  );
}
