"use client";

import { useEffect, useRef } from "react";
import type { User } from "@/api/types";
import { forgetCodes, useNewCodes } from "@/session/new-codes";
import { CopyButton } from "@/ui/copy-button";

/** Shows new recovery codes above every page, until the person has put them away. */
export function NewCodes({ user }: { user: User }) {
  const codes = useNewCodes(user.id);
  return codes && <Codes codes={codes} user={user} />;
}

function Codes({ codes, user }: { codes: readonly string[]; user: User }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: newer codes are read out, too
  useEffect(() => heading.current?.focus(), [codes]);

  function putAway() {
    forgetCodes();
    document.getElementById("main")?.focus();
  }

  return (
    <section className="new-codes" aria-labelledby="new-codes">
      <h2 id="new-codes" ref={heading} tabIndex={-1}>
        Your recovery codes
      </h2>
      <p>
        With your password, each of them signs you in once, in place of your app or passkey. Keep
        them where you find them without your phone. They are shown only now.
      </p>
      <ol>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p className="of">Latchkey, {user.email}</p>
      <div className="actions">
        <CopyButton text={codes.join("\n")} label="Copy" />
        <button type="button" className="quiet-button" onClick={() => window.print()}>
          Print
        </button>
        <button type="button" className="button" onClick={putAway}>
          I have kept them
        </button>
      </div>
    </section>
  );
}
