"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { useState } from "react";
import { isEnded, isPageOf, isSession } from "@/api/bodies";
import { ask } from "@/api/failure";
import { authorized } from "@/session/authorized";
import { explain } from "@/ui/explain";
import { day, time } from "@/ui/instant";
import { Listing } from "@/ui/listing";
import { wayOf } from "@/ui/way-of-sign-in";

/** Where a user is signed in, and buttons that sign the user out there. */
export function UserSessions({ userId }: { userId: string }) {
  const queries = useQueryClient();
  const [done, setDone] = useState("");
  const path = { user: userId };
  const sessions = useInfiniteQuery({
    queryKey: ["users", userId, "sessions"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        authorized.GET("/api/admin/users/{user}/sessions", {
          params: { path, query: { cursor: pageParam } },
          signal,
        }),
        isPageOf(isSession),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const end = useMutation({
    mutationFn: (ids: string[] | "all") =>
      ask(
        authorized.POST("/api/admin/users/{user}/sessions/end", {
          params: { path },
          body: { sessions: ids },
        }),
        isEnded,
      ),
    onMutate: () => setDone(""),
    onSuccess: () => {
      setDone("Signed out. The user gets a mail about it.");
      return queries.invalidateQueries({ queryKey: ["users", userId, "sessions"] });
    },
  });
  const isThere = sessions.data?.pages.some((page) => page.items.length > 0);

  return (
    <section aria-labelledby="user-sessions">
      <div className="heading">
        <h3 id="user-sessions">Signed in</h3>
        {isThere && (
          <button
            type="button"
            className="quiet-button"
            aria-disabled={end.isPending}
            onClick={() => !end.isPending && end.mutate("all")}
          >
            Sign out everywhere
          </button>
        )}
      </div>
      <p className="hint" role="status">
        {done}
      </p>
      <p className="form-error" role="alert">
        {isFailure(end.error) && `${explain(end.error).title}. ${explain(end.error).detail}`}
      </p>
      <Listing
        pages={sessions}
        isFailureShown={false}
        noun="sessions"
        empty={{ title: "Signed in nowhere", detail: "There is nothing to sign out." }}
        columns={["Device", "Action"]}
        row={({ id, device, address, signedInWith, lastSeenAt }) => (
          <>
            <th scope="row">
              {device ?? "Unknown device"}
              <small>
                Last seen {day(lastSeenAt)}, {time(lastSeenAt)}
                {address && ` from ${address}`}
                {wayOf({ signedInWith }) && `, signed in ${wayOf({ signedInWith })}`}
              </small>
            </th>
            <td>
              <button
                type="button"
                className="quiet-button"
                aria-label={`Sign out ${device ?? "the unknown device"}, last seen ${day(lastSeenAt)} ${time(lastSeenAt)}`}
                aria-disabled={end.isPending}
                onClick={() => !end.isPending && end.mutate([id])}
              >
                Sign out
              </button>
            </td>
          </>
        )}
      />
    </section>
  );
}
