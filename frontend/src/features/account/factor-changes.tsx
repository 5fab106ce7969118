"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { showCodes } from "@/session/new-codes";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { useRecentSignIn } from "./recent-sign-in";

const ELSEWHERE = "You are signed out everywhere else.";

type FactorChanges = {
  isPending: boolean;
  /** Makes a change that may need a recent sign-in, and keeps why it failed. */
  change: (work: () => Promise<void>) => Promise<void>;
  /** Does the same for a form that says itself why it failed. */
  recently: (work: () => Promise<void>) => Promise<void>;
  /** Says what was changed, and shows new recovery codes. */
  finish: (words: string, codes?: readonly string[]) => Promise<void>;
  /** What was changed, or why not. */
  report: ReactNode;
  /** Where the person signs in again; null while nobody has to. */
  dialog: ReactNode;
};

/** The changes of the signed-in person's factors, one at a time. Each ends all other sessions. */
export function useFactorChanges(): FactorChanges {
  const queries = useQueryClient();
  const { isPending, failure, sending } = useSending();
  const { recently, dialog } = useRecentSignIn();
  const [done, setDone] = useState("");

  function change(work: () => Promise<void>) {
    setDone("");
    return sending(() => recently(work));
  }

  async function finish(words: string, codes: readonly string[] = []) {
    setDone(`${words} ${ELSEWHERE}`);
    showCodes(codes);
    await Promise.all(
      [["factors"], ["sessions"]].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
  }

  const report = (
    <>
      <p className="sessions-ended" role="status">
        {done}
      </p>
      <Refused failure={failure} />
    </>
  );
  return { isPending, change, recently, finish, report, dialog };
}
