"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { isFailure } from "@/api/failure";
import type { User } from "@/api/types";
import { signOut } from "@/session/session";
import { explain } from "./explain";
import { roleName } from "./format";
import { SIGN_IN } from "./pages";

/** Who is signed in, with which role, and the way out. */
export function Person({ user }: { user: User }) {
  const router = useRouter();
  const [isLeaving, setIsLeaving] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function leave() {
    setIsLeaving(true);
    setTrouble(null);
    try {
      await signOut();
      router.replace(SIGN_IN);
    } catch (failure) {
      if (!isFailure(failure)) throw failure;
      setIsLeaving(false);
      setTrouble(`You are still signed in. ${explain(failure).title}.`);
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
      <p className="person-trouble" role="alert">
        {trouble}
      </p>
    </div>
  );
}
