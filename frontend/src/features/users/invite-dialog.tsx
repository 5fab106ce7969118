"use client";

import { isInvitation } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { NewUser } from "@/api/types";
import { authorized } from "@/session/authorized";
import { REQUIRED } from "./new-user";
import { EmailField, PersonDialog } from "./person-dialog";

type Props = { onInvited: (email: string) => void; onClose: () => void };

/** The form that invites somebody, who chooses name and password themselves. */
export function InviteDialog({ onInvited, onClose }: Props) {
  return (
    <PersonDialog
      id="invite"
      title="Invite somebody"
      action="Send the invitation"
      required={{ email: REQUIRED.email }}
      send={invite}
      onSent={({ email }) => onInvited(email)}
      onClose={onClose}
    >
      {(errors) => <EmailField errors={errors} />}
    </PersonDialog>
  );
}

const invite = ({ email, role }: NewUser) =>
  ask(authorized.POST("/api/admin/invitations", { body: { email, role } }), isInvitation);
