"use client";

import { useMutation } from "@tanstack/react-query";
import { isLost } from "latchkey-session";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { AccountDeletion } from "@/api/types";
import { HOME } from "@/navigation/pages";
import { authorized } from "@/session/authorized";
import { restore, signOut } from "@/session/session";
import { incorrectPassword } from "@/ui/faults";
import { PasswordDialog } from "./password-dialog";

/** The button that deletes the signed-in person's account. */
export function DeleteAccount() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className="setting" aria-labelledby="delete">
      <h2 id="delete">Delete your account</h2>
      <p className="quiet">
        You are signed out everywhere, and nobody can sign in any more. It cannot be undone.
      </p>
      <div className="actions">
        <button type="button" className="quiet-button" onClick={() => setIsOpen(true)}>
          Delete the account
        </button>
      </div>
      {isOpen && <DeleteDialog onClose={() => setIsOpen(false)} />}
    </section>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const remove = useMutation({
    mutationFn: (body: AccountDeletion) =>
      ask(authorized.POST("/api/auth/account/delete", { body }), isMessage),
    onError: (error) => {
      if (isLost(error)) restore(); // the service says whether the account is gone
    },
  });
  const refused = useMemo(() => incorrectPassword(remove.error, "currentPassword"), [remove.error]);

  async function submit({ currentPassword }: AccountDeletion) {
    await remove.mutateAsync({ currentPassword });
    restore(); // the service says why the session has ended, and the sign-in form tells it
    await signOut().catch(() => null); // clears the cookie, which is of no use any more
    router.replace(HOME);
  }

  return (
    <PasswordDialog
      id="delete-account"
      title="Delete your account?"
      button={["Delete it for good", "Deleting…"]}
      failure={remove.error}
      refused={refused}
      isPending={remove.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {() => <p className="quiet">Your name, your address and your password are deleted.</p>}
    </PasswordDialog>
  );
}
