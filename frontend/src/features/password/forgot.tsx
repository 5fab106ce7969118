"use client";

import Link from "next/link";
import { useState } from "react";
import { anonymous } from "@/api/anonymous";
import { HOME } from "@/navigation/pages";
import { AskForLink } from "@/ui/ask-for-link";
import { Brand } from "@/ui/brand";
import { Notice } from "@/ui/notice";

/** Asks for a link that sets a new password. Nobody learns whether an account has the address. */
export function Forgot() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  return (
    <>
      <Brand />
      <h1>Forgot your password?</h1>
      {sentTo === null ? (
        <AskForLink
          hint="We send you a link with which you can set a new one."
          send={(init) => anonymous.POST("/api/auth/password-resets", init)}
          onSent={setSentTo}
        />
      ) : (
        <Sent to={sentTo} onAgain={() => setSentTo(null)} />
      )}
      <Link className="quiet" href={HOME}>
        Back to sign in
      </Link>
    </>
  );
}

function Sent({ to, onAgain }: { to: string; onAgain: () => void }) {
  return (
    <Notice
      kind="info"
      role="status"
      title="Look into your mailbox"
      action={
        <button type="button" className="quiet-button" onClick={onAgain}>
          Ask again
        </button>
      }
    >
      If {to} has an account, a mail with a link is on its way. If none arrives within a few
      minutes, check the address, and look among the spam.
    </Notice>
  );
}
