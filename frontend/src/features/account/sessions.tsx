"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { useState } from "react";
import { isEnded, isPageOf, isSession } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { SessionsToEnd, SignedInSession } from "@/api/types";
import { authorized } from "@/session/authorized";
import { useIsRenewalFailing } from "@/session/state";
import { explain } from "@/ui/explain";
import { day, time } from "@/ui/instant";
import { useKeptFocus } from "@/ui/kept-focus";
import { Listing } from "@/ui/listing";
import { wayOf } from "@/ui/way-of-sign-in";
import { deviceName, signedOut } from "./sessions-text";

/** Where the signed-in person is signed in, and buttons that sign out there. */
export function Sessions() {
  const queries = useQueryClient();
  const [done, setDone] = useState("");
  const kept = useKeptFocus();
  const sessions = useInfiniteQuery({
    queryKey: ["sessions"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        authorized.GET("/api/auth/sessions", { params: { query: { cursor: pageParam } }, signal }),
        isPageOf(isSession),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const end = useMutation({
    mutationFn: (body: SessionsToEnd) =>
      ask(authorized.POST("/api/auth/sessions/end", { body }), isEnded),
    onMutate: () => setDone(""),
    onSuccess: ({ ended }) => {
      setDone(signedOut(ended));
      return queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const others = sessions.data?.pages.some((page) => page.items.some((item) => !item.current));

  function signOut(body: SessionsToEnd) {
    if (!end.isPending) end.mutate(body);
  }

  return (
    <>
      <header className="heading" {...kept}>
        <h1>Where you are signed in</h1>
        {others && (
          <button
            type="button"
            className="button"
            aria-disabled={end.isPending}
            onClick={() => signOut({ sessions: "others" })}
          >
            Sign out everywhere else
          </button>
        )}
      </header>
      <p className="sessions-ended" role="status">
        {done}
      </p>
      <p className="form-error" role="alert">
        {isFailure(end.error) && `${explain(end.error).title}. ${explain(end.error).detail}`}
      </p>
      <Listing
        pages={sessions}
        isFailureShown={useIsRenewalFailing()}
        noun="sessions"
        empty={{ title: "No sessions", detail: "This page is out of date. Load it again." }}
        columns={["Device", "Last seen", "Action"]}
        row={(session) => (
          <SessionCells session={session} isBusy={end.isPending} onSignOut={signOut} />
        )}
      />
    </>
  );
}

type CellsProps = {
  session: SignedInSession;
  isBusy: boolean;
  onSignOut: (body: SessionsToEnd) => void;
};

function SessionCells({ session, isBusy, onSignOut }: CellsProps) {
  const { id, current, startedAt, lastSeenAt, address } = session;
  const device = deviceName(session);
  const way = wayOf(session);
  return (
    <>
      <th scope="row">
        {device}
        <small>
          Signed in {way && `${way}, `}
          {day(startedAt)}
          {address && ` from ${address}`}
        </small>
      </th>
      <td>
        {day(lastSeenAt)}
        <small>{time(lastSeenAt)}</small>
      </td>
      <td>
        {current ? (
          <span className="current">This browser</span>
        ) : (
          <button
            type="button"
            className="quiet-button"
            aria-label={`Sign out ${device}, signed in ${day(startedAt)} ${time(startedAt)}`}
            aria-disabled={isBusy}
            onClick={() => onSignOut({ sessions: [id] })}
          >
            Sign out
          </button>
        )}
      </td>
    </>
  );
}
