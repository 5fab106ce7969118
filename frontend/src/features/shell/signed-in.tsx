"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { signInFor } from "@/navigation/pages";
import { Redirect } from "@/navigation/redirect";
import { restore } from "@/session/session";
import { useSession } from "@/session/state";
import { Brand } from "@/ui/brand";
import { Waiting } from "@/ui/waiting";
import { Shell } from "./shell";

/** Shows pages to people who are signed in, and redirects all others to the sign-in page. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const path = usePathname();
  const cameFromSignIn = useRef(session.phase === "signedIn");

  useEffect(() => {
    // the sign-in form had the focus and is gone; a page that was loaded keeps its own focus
    if (cameFromSignIn.current) document.getElementById("main")?.focus();
  }, []);

  if (session.phase === "restoring") {
    return (
      <main className="lone">
        {session.failure && <Brand />}
        <Waiting failure={session.failure} onRetry={restore} />
      </main>
    );
  }
  if (session.phase === "signedOut") return <Redirect to={signInFor(path)} />;
  return (
    <Shell key={session.user.id} user={session.user} failure={session.failure}>
      {children}
    </Shell>
  );
}
