"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { isFailure } from "@/api/failure";
import type { User } from "@/api/types";
import { SIGN_IN } from "@/navigation/pages";
import { signOut } from "@/session/session";
import { explain } from "@/ui/explain";
import { roleName } from "@/ui/role-name";

/** The signed-in person with their role, and the button that signs them out. */
export function Person({ user }: { user: User }) {
  const router = useRouter();
  const [isLeaving, setIsLeaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function leave() {
    setIsLeaving(true);
    setFailure(null);
    try {
      await signOut();
      router.replace(SIGN_IN);
    } catch (error) {
      if (!isFailure(error)) throw error;
      setIsLeaving(false);
      setFailure(`You are still signed in. ${explain(error).title}.`);
    }
  }

  return (
    <div className="person">
      <p>
        <span className="name">{user.name}</span>
        <span className="role">{roleName(user.role)}</span>
      </p>
      <button type="button" className="quiet-button" onClick={leave} aria-disabled={isLeaving}>
        Sign out
      </button>
      <p className="person-failure" role="alert">
        {failure}
      </p>
    </div>
  );
}
