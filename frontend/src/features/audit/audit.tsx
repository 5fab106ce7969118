"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { isEvent, isPageOf } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { AuditAction } from "@/api/types";
import { authorized } from "@/session/authorized";
import { useIsAdministrator, useIsRenewalFailing } from "@/session/state";
import { AdministratorsOnly } from "@/ui/administrators-only";
import { day, time } from "@/ui/instant";
import { Listing } from "@/ui/listing";
import { ACTIONS, factsOf } from "./event-words";

/** The audit log, of everybody or of the user in the page's address. For administrators. */
export function Audit() {
  const user = useSearchParams().get("user");
  return (
    <AdministratorsOnly title="Audit log" isAdministrator={useIsAdministrator()}>
      <EventList key={user} user={user} />
    </AdministratorsOnly>
  );
}

function EventList({ user }: { user: string | null }) {
  const [action, setAction] = useState<AuditAction | "">("");
  const isFailureShown = useIsRenewalFailing();
  const events = useInfiniteQuery({
    queryKey: ["audit", user, action],
    queryFn: ({ pageParam, signal }) =>
      ask(
        authorized.GET("/api/admin/audit", {
          params: { query: { user, action: action || null, cursor: pageParam } },
          signal,
        }),
        isPageOf(isEvent),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

  return (
    <>
      <header className="heading">
        <h1>Audit log</h1>
        {user && (
          <Link className="quiet-button" href="/audit/">
            Show all users
          </Link>
        )}
      </header>
      <div className="field event-filter">
        <label htmlFor="action">Events</label>
        <div className="input">
          <select
            id="action"
            value={action}
            onChange={(event) => setAction(event.target.value as AuditAction | "")}
          >
            <option value="">All types</option>
            {Object.entries(ACTIONS).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </div>
      </div>
      <Listing
        pages={events}
        isFailureShown={isFailureShown}
        noun="events"
        empty={{ title: "No events", detail: "Nothing like this has happened." }}
        columns={["Event", "When"]}
        row={(event) => (
          <>
            <th scope="row">
              {ACTIONS[event.action] ?? event.action}
              <small>{factsOf(event)}</small>
            </th>
            <td>
              {day(event.at)}
              <small>{time(event.at)}</small>
            </td>
          </>
        )}
      />
    </>
  );
}
