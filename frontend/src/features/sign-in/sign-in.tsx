"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { useSession } from "@/session/state";
import { Brand } from "@/ui/brand";
import { Notice } from "@/ui/notice";
import { keepsCookies } from "./cookies";
import { endingWords } from "./ending";
import { SignInForm } from "./sign-in-form";

/** Signs a visitor in. */
export function SignIn() {
  const session = useSession();
  const [isBlocked, setIsBlocked] = useState(false);
  useEffect(() => setIsBlocked(!keepsCookies()), []);
  const ending = session.phase === "signedOut" ? session.ending : null;
  return (
    <>
      <Brand />
      <h1>Sign in</h1>
      {isBlocked ? (
        <CookiesBlocked />
      ) : (
        <>
          {ending && (
            <Notice kind="info" role="status">
              {endingWords(ending)}
            </Notice>
          )}
          <SignInForm isReady={session.phase !== "starting"} />
          <Link className="quiet" href="/forgot/">
            Forgot password?
          </Link>
          {/* whether there is registration is told there: this page asks the service for nothing */}
          <Link className="quiet" href="/register/">
            No account yet?
          </Link>
        </>
      )}
    </>
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
