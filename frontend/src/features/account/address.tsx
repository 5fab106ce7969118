"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { useState } from "react";
import { isAccount, isMessage } from "@/api/bodies";
import { ask } from "@/api/failure";
import { authorized } from "@/session/authorized";
import { useSession } from "@/session/state";
import { explain } from "@/ui/explain";
import { useFeatures } from "@/ui/features";
import { ChangeAddressDialog } from "./change-address-dialog";

/** The signed-in person's address, the one that it is to become, and buttons that change it. */
export function Address() {
  const queries = useQueryClient();
  const session = useSession();
  const hasMail = useFeatures()?.mail ?? true;
  const [isOpen, setIsOpen] = useState(false);
  const [done, setDone] = useState("");
  const account = useQuery({
    queryKey: ["account"],
    queryFn: ({ signal }) => ask(authorized.GET("/api/auth/account", { signal }), isAccount),
  });
  const reload = () => queries.invalidateQueries({ queryKey: ["account"] });
  const cancel = useMutation({
    mutationFn: () => ask(authorized.POST("/api/auth/email-changes/cancel"), isMessage),
    onMutate: () => setDone(""),
    onSuccess: () => {
      setDone("Your address stays as it is.");
      return reload();
    },
  });
  const known = session.phase === "signedIn" ? session.user.email : "";
  const pending = account.data?.pendingEmail;

  return (
    <section className="setting" aria-labelledby="address">
      <h2 id="address">Your address</h2>
      <p className="sessions-ended" role="status">
        {done}
      </p>
      <p className="form-error" role="alert">
        {isFailure(cancel.error) && `${explain(cancel.error).title}.`}
      </p>
      <p className="address">{account.data?.email ?? known}</p>
      {pending && (
        <p className="quiet">
          It becomes <span className="address">{pending}</span> when you open the link that we have
          sent there.
        </p>
      )}
      <div className="actions">
        {hasMail && (
          <button type="button" className="button" onClick={() => setIsOpen(true)}>
            Change the address
          </button>
        )}
        {pending && (
          <button
            type="button"
            className="quiet-button"
            aria-disabled={cancel.isPending}
            onClick={() => cancel.isPending || cancel.mutate()}
          >
            Keep the present one
          </button>
        )}
      </div>
      {isOpen && (
        <ChangeAddressDialog
          onSent={(email) => {
            setDone(`A mail to ${email} is on its way. Open its link to confirm the address.`);
            return reload();
          }}
          onClose={() => setIsOpen(false)}
        />
      )}
    </section>
  );
}
