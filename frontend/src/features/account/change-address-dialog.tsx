"use client";

import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { EmailChange } from "@/api/types";
import { authorized } from "@/session/authorized";
import { incorrectPassword, rejected } from "@/ui/faults";
import { Field } from "@/ui/field";
import { PasswordDialog } from "./password-dialog";

type Props = { onSent: (email: string) => unknown; onClose: () => void };

/** Asks for another address. It changes when the link is used that is sent there. */
export function ChangeAddressDialog({ onSent, onClose }: Props) {
  const request = useMutation({
    mutationFn: (body: EmailChange) =>
      ask(authorized.POST("/api/auth/email-changes", { body }), isMessage),
  });
  const refused = useMemo(
    () =>
      new Map([
        ...rejected(request.error, { email: "Email" }),
        ...incorrectPassword(request.error, "currentPassword"),
      ]),
    [request.error],
  );

  return (
    <PasswordDialog
      id="change-address"
      title="Change your address"
      button={["Send the link", "Sending…"]}
      required={{ email: "Enter the new address." }}
      failure={request.error}
      refused={refused}
      isPending={request.isPending}
      onSubmit={async ({ email = "", currentPassword }) => {
        await request.mutateAsync({ email: email.trim(), currentPassword });
        await onSent(email.trim());
      }}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <p className="quiet">
            We send a link to the new address, and tell the present one. Nothing changes until you
            open the link.
          </p>
          <Field
            label="New address"
            name="email"
            inputMode="email"
            autoComplete="email"
            required
            error={faults.get("email")}
          />
        </>
      )}
    </PasswordDialog>
  );
}
