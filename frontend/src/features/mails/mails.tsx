"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { isMessage, isPageOf, isQueuedMail } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { MailStatus } from "@/api/types";
import { authorized } from "@/session/authorized";
import { useIsAdministrator, useIsRenewalFailing } from "@/session/state";
import { AdministratorsOnly } from "@/ui/administrators-only";
import { type Faults, missing, NO_FAULTS, rejected, useFirstFault } from "@/ui/faults";
import { Field } from "@/ui/field";
import { Listing } from "@/ui/listing";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { mailKind, mailState } from "./mail-words";

/** The mails that are not sent, and a form that sends a test mail. For administrators. */
export function Mails() {
  return (
    <AdministratorsOnly title="Mails" isAdministrator={useIsAdministrator()}>
      <header className="heading">
        <h1>Mails</h1>
      </header>
      <MailList
        status="waiting"
        noun="mails that wait"
        empty={{ title: "No mail waits", detail: "Every mail was sent or given up." }}
      />
      <section className="mails" aria-labelledby="failed">
        <h2 id="failed">Given up</h2>
        <MailList
          status="failed"
          noun="mails that were given up"
          empty={{ title: "No mail was given up", detail: "All is well." }}
        />
      </section>
      <TestMail />
    </AdministratorsOnly>
  );
}

type ListProps = { status: MailStatus; noun: string; empty: { title: string; detail: string } };

function MailList({ status, noun, empty }: ListProps) {
  const isFailureShown = useIsRenewalFailing();
  const mails = useInfiniteQuery({
    queryKey: ["mails", status],
    queryFn: ({ pageParam, signal }) =>
      ask(
        authorized.GET("/api/admin/mails", {
          params: { query: { status, cursor: pageParam } },
          signal,
        }),
        isPageOf(isQueuedMail),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Listing
      pages={mails}
      isFailureShown={isFailureShown || (status === "failed" && mails.isError)}
      noun={noun}
      empty={empty}
      columns={["To", "State"]}
      row={(mail) => (
        <>
          <th scope="row">
            {mail.to}
            <small>{mailKind(mail.kind)}</small>
          </th>
          <td>{mailState(mail)}</td>
        </>
      )}
    />
  );
}

function TestMail() {
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, sending } = useSending();
  const [done, setDone] = useState("");
  const [unfilled, setUnfilled] = useState<Faults>(NO_FAULTS);
  const refused = rejected(failure, { email: "Email" });
  const faults = unfilled.size > 0 ? unfilled : refused;
  useFirstFault(form, faults);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email") ?? "").trim();
    const found = missing({ email }, { email: "Enter an email address." });
    setUnfilled(found);
    setDone("");
    if (found.size > 0) return;
    await sending(async () => {
      await ask(authorized.POST("/api/admin/mails/test", { body: { email } }), isMessage);
      setDone(`A test mail to ${email} is on its way.`);
      await queries.invalidateQueries({ queryKey: ["mails"] });
    });
  }

  return (
    <section className="mails" aria-labelledby="test-mail">
      <h2 id="test-mail">Send a test mail</h2>
      <p className="hint" role="status">
        {done}
      </p>
      <form ref={form} className="card-form" method="post" onSubmit={submit} noValidate>
        <Refused failure={refused.size > 0 ? null : failure} />
        <Field
          label="Email"
          name="email"
          inputMode="email"
          autoComplete="off"
          required
          error={faults.get("email")}
        />
        <button type="submit" className="button" aria-disabled={isPending}>
          {isPending ? "Sending…" : "Send a test mail"}
        </button>
      </form>
    </section>
  );
}
