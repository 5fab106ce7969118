"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { isAccount, isUser } from "@/api/bodies";
import { ask } from "@/api/failure";
import { authorized } from "@/session/authorized";
import { restore } from "@/session/session";
import { useSession } from "@/session/state";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";

/** Changes the signed-in person's name. */
export function ChangeName() {
  const queries = useQueryClient();
  const session = useSession();
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending } = useSending();
  const [isDone, setIsDone] = useState(false);
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, { name: "Name" });
  const faults = unfilled.size > 0 ? unfilled : refused;
  const account = useQuery({
    queryKey: ["account"],
    queryFn: ({ signal }) => ask(authorized.GET("/api/auth/account", { signal }), isAccount),
  });
  const name = account.data?.name ?? (session.phase === "signedIn" ? session.user.name : "");
  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = { name: String(new FormData(event.currentTarget).get("name") ?? "").trim() };
    const found = missing(entered, { name: "Enter a name." });
    setUnfilled(found);
    setIsDone(false);
    if (found.size > 0) return;
    await sending(async () => {
      await ask(authorized.POST("/api/auth/account", { body: entered }), isUser);
      restore(); // the top of each page shows the name that comes with a token
      setIsDone(true);
      await queries.invalidateQueries({ queryKey: ["account"] });
    });
  }

  return (
    <section className="setting" aria-labelledby="change-name">
      <h2 id="change-name">Your name</h2>
      <p className="sessions-ended" role="status">
        {isDone && "Your name was changed."}
      </p>
      <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
        <Refused failure={refused.size > 0 ? null : failure} />
        <Field
          key={name}
          label="Name"
          name="name"
          autoComplete="name"
          defaultValue={name}
          required
          error={faults.get("name")}
        />
        <button type="submit" className="button" aria-disabled={isPending}>
          Change the name
        </button>
      </form>
    </section>
  );
}
