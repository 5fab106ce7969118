"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { isManagedUser, isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { ManagedUser, User, UserChange } from "@/api/types";
import { authorized } from "@/session/authorized";
import { explain } from "@/ui/explain";
import { useFeatures } from "@/ui/features";
import { day } from "@/ui/instant";
import { roleName } from "@/ui/role-name";
import { UserSessions } from "./user-sessions";

type Props = { user: User; onClose: () => void };

/** One user: role, whether they can sign in, and where they are signed in. */
export function UserDialog({ user: { id, name, email }, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const user = useQuery({
    queryKey: ["users", id],
    queryFn: ({ signal }) =>
      ask(
        authorized.GET("/api/admin/users/{user}", { params: { path: { user: id } }, signal }),
        isManagedUser,
      ),
  });

  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog ref={dialog} className="managed-user" aria-labelledby="managed" onClose={onClose}>
      <h2 id="managed">{name}</h2>
      <p className="hint">{email}</p>
      <p className="form-error" role="alert">
        {isFailure(user.error) && `${explain(user.error).title}. ${explain(user.error).detail}`}
      </p>
      {user.data && <p>{secondFactors(user.data)}</p>}
      {user.data && <Changes user={user.data} />}
      <UserSessions userId={id} />
      <div className="actions">
        <Link className="quiet-button" href={`/audit/?user=${id}`}>
          Audit log
        </Link>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

/** What an administrator can change of a user. */
function Changes({ user }: { user: ManagedUser }) {
  const queries = useQueryClient();
  const features = useFeatures();
  const [done, setDone] = useState("");
  const path = { user: user.id };
  const isDisabled = user.status === "disabled";
  const change = useMutation({
    mutationFn: (body: UserChange) =>
      ask(authorized.POST("/api/admin/users/{user}", { params: { path }, body }), isManagedUser),
    onMutate: () => setDone(""),
    onSuccess: (changed) => {
      queries.setQueryData(["users", user.id], changed);
      setDone("Changed. The user gets a mail about it.");
      return queries.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const reset = useMutation({
    mutationFn: () =>
      ask(
        authorized.POST("/api/admin/users/{user}/password-resets", { params: { path } }),
        isMessage,
      ),
    onMutate: () => setDone(""),
    onSuccess: () => setDone("A link for a new password is on its way."),
  });
  const isBusy = change.isPending || reset.isPending;
  const error = change.error ?? reset.error;

  return (
    <>
      <p>
        {roleName(user.role)}, {isDisabled ? "disabled" : "can sign in"}, since{" "}
        {day(user.createdAt)}
      </p>
      <div className="choices">
        <button
          type="button"
          className="quiet-button"
          aria-disabled={isBusy}
          onClick={() =>
            !isBusy && change.mutate({ role: user.role === "ADMIN" ? "USER" : "ADMIN" })
          }
        >
          {user.role === "ADMIN" ? "Make a user" : "Make an administrator"}
        </button>
        <button
          type="button"
          className="quiet-button"
          aria-disabled={isBusy}
          onClick={() => !isBusy && change.mutate({ disabled: !isDisabled })}
        >
          {isDisabled ? "Enable" : "Disable"}
        </button>
        {features?.mail && (
          <button
            type="button"
            className="quiet-button"
            aria-disabled={isBusy}
            onClick={() => !isBusy && reset.mutate()}
          >
            Send a new password link
          </button>
        )}
      </div>
      <p className="hint" role="status">
        {done}
      </p>
      <p className="form-error" role="alert">
        {isFailure(error) && `${explain(error).title}. ${explain(error).detail}`}
      </p>
    </>
  );
}

function secondFactors({ secondFactors }: ManagedUser): string {
  if (secondFactors.length === 0) return "Signs in with the password alone.";
  const names = { totp: "an authenticator app", passkey: "a passkey" };
  return `Has ${secondFactors.map((kind) => names[kind]).join(" and ")} as second factor.`;
}
