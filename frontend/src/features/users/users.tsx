"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { isPageOf, isUser } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { User } from "@/api/types";
import { authorized } from "@/session/authorized";
import { useIsAdministrator, useIsRenewalFailing } from "@/session/state";
import { AdministratorsOnly } from "@/ui/administrators-only";
import { useFeatures } from "@/ui/features";
import { Field } from "@/ui/field";
import { Listing } from "@/ui/listing";
import { roleName } from "@/ui/role-name";
import { Invitations } from "./invitations";
import { InviteDialog } from "./invite-dialog";
import { NewUserDialog } from "./new-user-dialog";
import { UserDialog } from "./user-dialog";
import { ALL, UserFilter, type Wanted } from "./user-filter";

/** All users and open invitations, and dialogs that add to them. For administrators. */
export function Users() {
  return (
    <AdministratorsOnly title="Users" isAdministrator={useIsAdministrator()}>
      <UserList />
    </AdministratorsOnly>
  );
}

function UserList() {
  const queries = useQueryClient();
  const [isAdding, setIsAdding] = useState(false);
  const [isInviting, setIsInviting] = useState(false);
  const [managed, setManaged] = useState<User | null>(null);
  const [done, setDone] = useState("");
  const features = useFeatures();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const [wanted, setWanted] = useState(ALL);
  const isFiltered = wanted.role !== "" || wanted.status !== "";
  const users = useInfiniteQuery({
    queryKey: ["users", "list", query, wanted],
    queryFn: ({ pageParam, signal }) =>
      query ? found(query, signal) : listed(wanted, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

  function onAdded(user: User) {
    setDone(`${user.name} can sign in now.`);
    void queries.invalidateQueries({ queryKey: ["users"] });
  }

  function onInvited(email: string) {
    setDone(`An invitation to ${email} is on its way.`);
    void queries.invalidateQueries({ queryKey: ["invitations"] });
  }

  return (
    <>
      <header className="heading">
        <h1>Users</h1>
        <div className="ways-to-add">
          {features && features.registration !== "off" && (
            <button type="button" className="quiet-button" onClick={() => setIsInviting(true)}>
              Invite
            </button>
          )}
          <button type="button" className="button" onClick={() => setIsAdding(true)}>
            Add user
          </button>
        </div>
      </header>
      <p className="user-added" role="status">
        {done}
      </p>
      {isInviting && <InviteDialog onInvited={onInvited} onClose={() => setIsInviting(false)} />}
      {isAdding && <NewUserDialog onAdded={onAdded} onClose={() => setIsAdding(false)} />}
      <div className="user-search">
        <Field
          label="Find users"
          name="query"
          type="search"
          autoComplete="off"
          hint="The beginning of an address or a name, or an id."
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {!query && <UserFilter wanted={wanted} onChange={setWanted} />}
      </div>
      {managed && <UserDialog user={managed} onClose={() => setManaged(null)} />}
      <Listing
        pages={users}
        isFailureShown={useIsRenewalFailing()}
        noun="users"
        empty={
          query
            ? { title: "Nobody found", detail: "Try another beginning." }
            : isFiltered
              ? { title: "No such users", detail: "Choose another role or status." }
              : { title: "No users yet", detail: "Add the first one." }
        }
        columns={["User", "Role"]}
        row={(user) => (
          <>
            <th scope="row">
              <button type="button" className="name-button" onClick={() => setManaged(user)}>
                {user.name}
              </button>
              <small>{user.email}</small>
            </th>
            <td>
              <span className="role" data-role={user.role}>
                {roleName(user.role)}
              </span>
            </td>
          </>
        )}
      />
      {users.isSuccess && (
        <Invitations onWithdrawn={(email) => setDone(`The invitation to ${email} is withdrawn.`)} />
      )}
    </>
  );
}

const listed = ({ role, status }: Wanted, cursor: string | null, signal: AbortSignal) =>
  ask(
    authorized.GET("/api/admin/users", {
      params: { query: { cursor, ...(role && { role }), ...(status && { status }) } },
      signal,
    }),
    isPageOf(isUser),
  );

/** Finds users. There is one page of them: a longer query finds fewer. */
async function found(query: string, signal: AbortSignal) {
  const search = authorized.GET("/api/admin/users/search", {
    params: { query: { query, limit: 100 } },
    signal,
  });
  return { ...(await ask(search, isPageOf(isUser))), nextCursor: null };
}
