"use client";

import { pageAfterSignIn } from "@/navigation/pages";
import { Redirect } from "@/navigation/redirect";
import { restore } from "@/session/session";
import { useSession } from "@/session/state";
import { Notice } from "@/ui/notice";
import { Waiting } from "@/ui/waiting";
import { endingWords } from "./ending";
import { SignInForm } from "./sign-in-form";

/** Signs a visitor in, and then opens the page that they came for. */
export function SignIn() {
  const session = useSession();
  if (session.phase === "restoring") {
    return <Waiting failure={session.failure} onRetry={restore} />;
  }
  if (session.phase === "signedIn") return <Redirect to={pageAfterSignIn(location.search)} />;
  return (
    <>
      <h1>Sign in</h1>
      {session.ending && (
        <Notice kind="info" role="status">
          {endingWords(session.ending)}
        </Notice>
      )}
      <SignInForm />
    </>
  );
}
