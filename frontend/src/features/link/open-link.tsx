"use client";

import { type Failure, isFailure, isTransient, retryDelay } from "latchkey-session";
import Link from "next/link";
import { type ComponentType, useCallback, useEffect, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isReadableLink } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { LinkKind } from "@/api/types";
import { HOME } from "@/navigation/pages";
import { Brand } from "@/ui/brand";
import { explain } from "@/ui/explain";
import { Notice } from "@/ui/notice";
import { Waiting } from "@/ui/waiting";
import type { LinkProps } from "./link-form";
import { kindIn, takeToken } from "./link-token";
import { whyEnded } from "./link-words";
import { NewAccountForm } from "./new-account-form";
import { NewAddressForm } from "./new-address-form";
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
        <FormOf
          kind={state.kind}
          token={state.token}
          email={state.email}
          onDone={() => setState({ phase: "done", kind: state.kind })}
          onEnded={(failure) => setState({ phase: "refused", failure })}
        />
      )}
      {state.phase === "done" && <Done kind={state.kind} />}
    </>
  );
}

const FORMS: Record<LinkKind, ComponentType<LinkProps>> = {
  password_reset: NewPasswordForm,
  registration: NewAccountForm,
  invitation: NewAccountForm,
  email_change: NewAddressForm,
};

function FormOf({ kind, ...props }: { kind: LinkKind } & LinkProps) {
  const Form = FORMS[kind];
  return <Form {...props} />;
}

const HEADINGS: Record<LinkKind, string> = {
  password_reset: "Set a new password",
  registration: "Create your account",
  invitation: "Create your account",
  email_change: "Confirm your new address",
};

function headingOf(state: State): string {
  return "kind" in state ? HEADINGS[state.kind] : "Your link";
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

/** Where another link is asked for; null if somebody else has to do it. */
const ASK_AGAIN: Record<LinkKind, string | null> = {
  password_reset: "/forgot/",
  registration: "/register/",
  invitation: null,
  email_change: "/account/",
};

function RefusedLink({ failure }: { failure: Failure }) {
  const { title, detail } = explain(failure);
  const kind = kindIn(takeToken());
  const why = whyEnded(failure, kind);
  const again = ASK_AGAIN[kind ?? "password_reset"];
  return (
    <>
      <Notice kind="error" role="alert" title={why ? "This link no longer works" : title}>
        {why ?? detail}
      </Notice>
      {again && (
        <Link className="button" href={again}>
          Ask for a new link
        </Link>
      )}
      <Link className="quiet" href={HOME}>
        Back to sign in
      </Link>
    </>
  );
}

const DONE: Record<LinkKind, { title: string; detail: string; next: string }> = {
  password_reset: {
    title: "Your password was set",
    detail: "Wherever you were signed in, you are signed out now. Sign in with the new password.",
    next: "Sign in",
  },
  registration: {
    title: "Your account was created",
    detail: "Sign in with your email and your password.",
    next: "Sign in",
  },
  invitation: {
    title: "Your account was created",
    detail: "Sign in with your email and your password.",
    next: "Sign in",
  },
  email_change: {
    title: "Your address was changed",
    detail: "From now on you sign in with it. Wherever you are signed in, you stay signed in.",
    next: "Go to Latchkey",
  },
};

function Done({ kind }: { kind: LinkKind }) {
  const { title, detail, next } = DONE[kind];
  const isNew = kind === "registration" || kind === "invitation";
  const isSignedIn = document.documentElement.dataset.session === "noted"; // see MARK_NOTED
  return (
    <>
      <Notice kind="info" role="status" title={title}>
        {detail}
        {isNew && isSignedIn && " Somebody else is signed in here: sign out first."}
      </Notice>
      <Link className="button" href={HOME}>
        {next}
      </Link>
    </>
  );
}
