"use client";

import type { Failure, State as Session } from "latchkey-session";
import { type ReactNode, useEffect, useRef } from "react";
import { restore } from "@/session/session";
import { useSession } from "@/session/state";
import { Brand } from "@/ui/brand";
import { Waiting } from "@/ui/waiting";
import { Shell } from "./shell";

type Props = { signIn: ReactNode; children: ReactNode };

/** Shows pages to people who are signed in, and the sign-in form in their place to all others. */
export function SignedIn({ signIn, children }: Props) {
  const session = useSession();
  useFocusAfterSignIn(session.phase);
  if (session.phase !== "signedIn") return <Entrance session={session} signIn={signIn} />;
  return (
    <Shell key={session.user.id} user={session.user} failure={session.failure}>
      {children}
    </Shell>
  );
}

type EntranceProps = { session: Exclude<Session, { phase: "signedIn" }>; signIn: ReactNode };

/**
 * The exported pages contain both parts, and the style sheet shows one of them until the scripts
 * run. So the form is there at once, and what is typed into it stays.
 */
function Entrance({ session, signIn }: EntranceProps) {
  const { phase } = session;
  return (
    <main className={phase === "starting" ? "lone starting" : "lone"}>
      <title>{phase === "signedOut" ? "Sign in · Latchkey" : "Latchkey"}</title>
      {phase !== "signedOut" && (
        <div className="stack if-noted">
          <Restoring failure={phase === "restoring" ? session.failure : null} />
        </div>
      )}
      {phase !== "restoring" && <div className="stack if-not-noted">{signIn}</div>}
    </main>
  );
}

function Restoring({ failure }: { failure: Failure | null }) {
  return (
    <>
      {failure && <Brand />}
      <h1 className="visually-hidden">Latchkey</h1>
      <Waiting failure={failure} onRetry={restore} />
    </>
  );
}

/** The form had the focus and is gone; a page that was loaded keeps its own focus. */
function useFocusAfterSignIn(phase: Session["phase"]): void {
  const before = useRef(phase);
  useEffect(() => {
    if (before.current === "signedOut" && phase === "signedIn") {
      document.getElementById("main")?.focus();
    }
    before.current = phase;
  }, [phase]);
}
