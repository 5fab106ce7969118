"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useSession } from "@/session/state";
import { Brand } from "./brand";
import { Forward } from "./forward";
import { signInFor } from "./pages";
import { Restoring } from "./restoring";
import { Shell } from "./shell";

/** Shows pages to whoever is signed in, and the way to sign in to everybody else. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const path = usePathname();
  const cameFromSignIn = useRef(session.phase === "signedIn");

  useEffect(() => {
    // the form that had the focus is gone; a loaded page keeps it at its beginning
    if (cameFromSignIn.current) document.getElementById("main")?.focus();
  }, []);

  if (session.phase === "restoring") {
    return (
      <main className="lone">
        {session.failure && <Brand />}
        <Restoring failure={session.failure} />
      </main>
    );
  }
  if (session.phase === "signedOut") return <Forward to={signInFor(path)} />;
  return (
    <Shell key={session.user.id} user={session.user} failure={session.failure}>
      {children}
    </Shell>
  );
}
