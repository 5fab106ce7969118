"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { isInvitation, isMessage, isPageOf } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { OpenInvitation } from "@/api/types";
import { authorized } from "@/session/authorized";
import { useIsRenewalFailing } from "@/session/state";
import { explain } from "@/ui/explain";
import { day, time } from "@/ui/instant";
import { Listing } from "@/ui/listing";
import { roleName } from "@/ui/role-name";

type Props = { onWithdrawn: (email: string) => void };

/** The invitations that were not used yet, each with a button that withdraws it. */
export function Invitations({ onWithdrawn }: Props) {
  const queries = useQueryClient();
  const isFailureShown = useIsRenewalFailing();
  const invitations = useInfiniteQuery({
    queryKey: ["invitations"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        authorized.GET("/api/admin/invitations", {
          params: { query: { cursor: pageParam } },
          signal,
        }),
        isPageOf(isInvitation),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const withdraw = useMutation({
    mutationFn: ({ id }: OpenInvitation) =>
      ask(
        authorized.POST("/api/admin/invitations/{invitation}/withdraw", {
          params: { path: { invitation: id } },
        }),
        isMessage,
      ),
    onSuccess: (_, { email }) => {
      onWithdrawn(email);
      return queries.invalidateQueries({ queryKey: ["invitations"] });
    },
  });
  const isThere = invitations.data?.pages.some((page) => page.items.length > 0);

  // whoever has just withdrawn the last one is still at this place
  if (!isThere && !invitations.isError && !withdraw.isSuccess) return null;
  return (
    <section className="invitations" aria-labelledby="invitations">
      <h2 id="invitations">Open invitations</h2>
      <p className="form-error" role="alert">
        {isFailure(withdraw.error) &&
          `${explain(withdraw.error).title}. ${explain(withdraw.error).detail}`}
      </p>
      <Listing
        pages={invitations}
        isFailureShown={isFailureShown}
        noun="invitations"
        empty={{ title: "No open invitations", detail: "Everybody has answered." }}
        columns={["Invited", "Action"]}
        row={(invitation) => (
          <InvitationCells
            invitation={invitation}
            isBusy={withdraw.isPending}
            onWithdraw={() => !withdraw.isPending && withdraw.mutate(invitation)}
          />
        )}
      />
    </section>
  );
}

type CellsProps = { invitation: OpenInvitation; isBusy: boolean; onWithdraw: () => void };

function InvitationCells({ invitation, isBusy, onWithdraw }: CellsProps) {
  const { email, role, expiresAt } = invitation;
  return (
    <>
      <th scope="row">
        {email}
        <small>
          {roleName(role)}, until {day(expiresAt)}, {time(expiresAt)}
        </small>
      </th>
      <td>
        <button
          type="button"
          className="quiet-button"
          aria-label={`Withdraw the invitation to ${email}`}
          aria-disabled={isBusy}
          onClick={onWithdraw}
        >
          Withdraw
        </button>
      </td>
    </>
  );
}
