"use client";

import { type Failure, isFailure, isTransient, retryDelay } from "latchkey-session";
import Link from "next/link";
import { type ComponentProps, useCallback, useEffect, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isReadableLink } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { LinkKind } from "@/api/types";
import { HOME } from "@/navigation/pages";
import { Brand } from "@/ui/brand";
import { explain } from "@/ui/explain";
import { Notice } from "@/ui/notice";
import { Waiting } from "@/ui/waiting";
import { kindIn, takeToken } from "./link-token";
import { whyEnded } from "./link-words";
import { NewAccountForm } from "./new-account-form";
import { NewPasswordForm } from "./new-password-form";

type State =
  | { phase: "reading"; failure: Failure | null }
  | { phase: "ready"; kind: LinkKind; token: string; email: string }
  | { phase: "refused"; failure: Failure }
  | { phase: "done"; kind: LinkKind };

const TIMEOUT = 30_000; // milliseconds

/**
 * The page that a link in a mail opens. Opening it uses nothing up: only a password that somebody
 * types does, because programs that check mails open links and press buttons.
 */
export function OpenLink() {
  const [state, setState] = useState<State>({ phase: "reading", failure: null });

  const read = useCallback(async () => {
    setState({ phase: "reading", failure: null });
    setState(await readLink(takeToken()));
  }, []);
  useEffect(() => void read(), [read]);
  useEffect(() => {
    if (state.phase !== "reading" || !state.failure) return;
    const timer = setTimeout(read, retryDelay(state.failure, 1));
    return () => clearTimeout(timer);
  }, [state, read]);

  return (
    <>
      <Brand />
      <h1>{headingOf(state)}</h1>
      {state.phase === "reading" && <Waiting failure={state.failure} onRetry={read} />}
      {state.phase === "refused" && <RefusedLink failure={state.failure} />}
      {state.phase === "ready" && (
        <LinkForm
          kind={state.kind}
          token={state.token}
          email={state.email}
          onDone={() => setState({ phase: "done", kind: state.kind })}
          onEnded={(failure) => setState({ phase: "refused", failure })}
        />
      )}
      {state.phase === "done" && (state.kind === "password_reset" ? <PasswordSet /> : <Created />)}
    </>
  );
}

function LinkForm({ kind, ...props }: { kind: LinkKind } & ComponentProps<typeof NewPasswordForm>) {
  return kind === "password_reset" ? <NewPasswordForm {...props} /> : <NewAccountForm {...props} />;
}

function headingOf(state: State): string {
  if (state.phase === "reading" || state.phase === "refused") return "Your link";
  return state.kind === "password_reset" ? "Set a new password" : "Create your account";
}

async function readLink(token: string): Promise<State> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const call = anonymous.POST("/api/auth/links/read", { body: { token }, signal });
    const { kind, email } = await ask(call, isReadableLink);
    return { phase: "ready", kind, token, email };
  } catch (failure) {
    if (!isFailure(failure)) throw failure;
    return isTransient(failure) ? { phase: "reading", failure } : { phase: "refused", failure };
  }
}

function RefusedLink({ failure }: { failure: Failure }) {
  const { title, detail } = explain(failure);
  const kind = kindIn(takeToken());
  const why = whyEnded(failure, kind);
  return (
    <>
      <Notice kind="error" role="alert" title={why ? "This link no longer works" : title}>
        {why ?? detail}
      </Notice>
      {kind !== "invitation" && (
        <Link className="button" href={kind === "registration" ? "/register/" : "/forgot/"}>
          Ask for a new link
        </Link>
      )}
      <Link className="quiet" href={HOME}>
        Back to sign in
      </Link>
    </>
  );
}

function Created() {
  return (
    <>
      <Notice kind="info" role="status" title="Your account was created">
        Sign in with your email and your password.
      </Notice>
      <Link className="button" href={HOME}>
        Sign in
      </Link>
    </>
  );
}

function PasswordSet() {
  return (
    <>
      <Notice kind="info" role="status" title="Your password was set">
        Wherever you were signed in, you are signed out now. Sign in with the new password.
      </Notice>
      <Link className="button" href={HOME}>
        Sign in
      </Link>
    </>
  );
}
