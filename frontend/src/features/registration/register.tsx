"use client";

import Link from "next/link";
import { useState } from "react";
import { anonymous } from "@/api/anonymous";
import { HOME } from "@/navigation/pages";
import { AskForLink } from "@/ui/ask-for-link";
import { Brand } from "@/ui/brand";
import { useFeatures } from "@/ui/features";
import { Notice } from "@/ui/notice";

/** Asks for a link that makes an account. Nobody learns whether an account has the address. */
export function Register() {
  const features = useFeatures();
  const [sentTo, setSentTo] = useState<string | null>(null);
  return (
    <>
      <Brand />
      <h1>Create an account</h1>
      {features && features.registration !== "open" ? (
        <Closed />
      ) : sentTo === null ? (
        <AskForLink
          hint="We send you a link. With it you choose your name and your password."
          send={(init) => anonymous.POST("/api/auth/registrations", init)}
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

function Closed() {
  return (
    <Notice kind="info" role="status" title="You can’t create an account here">
      Ask your administrator for an invitation.
    </Notice>
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
      A mail to {to} is on its way. If none arrives within a few minutes, check the address, and
      look among the spam.
    </Notice>
  );
}
