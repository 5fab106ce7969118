"use client";

import { type Failure, isTransient } from "latchkey-session";
import { useRouter } from "next/navigation";
import type { User } from "@/api/types";
import { HOME } from "@/navigation/pages";
import { explain } from "@/ui/explain";
import { Notice } from "@/ui/notice";
import { roleName } from "@/ui/role-name";
import { useSignOut } from "./sign-out";

/** The signed-in person with their role, and the button that signs them out. */
export function Person({ user }: { user: User }) {
  const router = useRouter();
  // the next person may not see the page that this one leaves
  const { isPending, failure, attempt, stay } = useSignOut(() => router.replace(HOME));
  return (
    <div className="person">
      <p>
        <span className="name">{user.name}</span>
        <span className="role">{roleName(user.role)}</span>
      </p>
      <button type="button" className="quiet-button" onClick={attempt} aria-disabled={isPending}>
        Sign out
      </button>
      <div className="person-failure" role="alert">
        {failure && <StillSignedIn failure={failure} onRetry={attempt} onStay={stay} />}
      </div>
    </div>
  );
}

type Props = { failure: Failure; onRetry: () => void; onStay: () => void };

function StillSignedIn({ failure, onRetry, onStay }: Props) {
  const actions = (
    <div className="actions">
      <button type="button" className="quiet-button" onClick={onStay}>
        Stay signed in
      </button>
      <button type="button" className="quiet-button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
  return (
    <Notice kind="error" title="You are still signed in" action={actions}>
      {explain(failure).title}. {isTransient(failure) && "We keep trying to sign you out."}
    </Notice>
  );
}
