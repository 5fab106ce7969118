"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { useState } from "react";
import { isFactors, isNewApp } from "@/api/bodies";
import { ask } from "@/api/failure";
import { retryFailed } from "@/api/queries";
import type { Factors, NewApp } from "@/api/types";
import { authorized } from "@/session/authorized";
import { showCodes } from "@/session/new-codes";
import { confirmFactor, removeFactors, replaceRecoveryCodes } from "@/session/session";
import { useIsRenewalFailing } from "@/session/state";
import { FailureNotice } from "@/ui/failure-notice";
import { useFeatures } from "@/ui/features";
import { day, time } from "@/ui/instant";
import { Refused } from "@/ui/refused";
import { useSending } from "@/ui/sending";
import { ConfirmDialog } from "./confirm-dialog";
import { NewAppDialog } from "./new-app-dialog";
import { useRecentSignIn } from "./recent-sign-in";
import { codesLeft } from "./second-factors-text";

const ELSEWHERE = "You are signed out everywhere else.";

/** The second step of the signed-in person's sign-ins: adds, replaces and removes it. */
export function SecondFactors() {
  const queries = useQueryClient();
  const features = useFeatures();
  const isFailureShown = useIsRenewalFailing();
  const factors = useQuery({
    queryKey: ["factors"],
    queryFn: ({ signal }) => ask(authorized.GET("/api/auth/factors", { signal }), isFactors),
  });
  const failure = factors.error ?? factors.failureReason;
  const isOffered = features?.secondFactors || (factors.data && factors.data.items.length > 0);
  if (!isOffered && !isFailure(failure)) return null;
  return (
    <section className="second-factors" aria-labelledby="second-factors">
      <h2 id="second-factors">Second step of signing in</h2>
      {isFailure(failure) && !isFailureShown && (
        <FailureNotice failure={failure} onRetry={() => retryFailed(queries)} />
      )}
      {factors.data && <Changes factors={factors.data} />}
    </section>
  );
}

type Asked = "codes" | "removal" | null;

/** What there is, and buttons that change it. */
function Changes({ factors }: { factors: Factors }) {
  const queries = useQueryClient();
  const { isPending, failure, sending } = useSending();
  const { recently, dialog } = useRecentSignIn();
  const [asked, setAsked] = useState<Asked>(null);
  const [app, setApp] = useState<NewApp | null>(null);
  const [done, setDone] = useState("");
  const isOn = factors.items.length > 0;

  function change(work: () => Promise<void>) {
    setDone("");
    return sending(() => recently(work));
  }

  /** Each change has ended all other sessions. */
  async function finish(words: string, codes: readonly string[] = []) {
    setDone(`${words} ${ELSEWHERE}`);
    showCodes(codes);
    await Promise.all(
      [["factors"], ["sessions"]].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
  }

  const begin = () =>
    change(async () => setApp(await ask(authorized.POST("/api/auth/factors/totp"), isNewApp)));

  async function confirm(id: string, code: string): Promise<readonly string[] | null> {
    let codes: readonly string[] | null = null;
    await recently(async () => {
      codes = await confirmFactor({ id, code });
    });
    return codes;
  }

  const replace = () =>
    change(async () => finish("You have new recovery codes.", await replaceRecoveryCodes()));

  const remove = () =>
    change(async () => {
      await removeFactors();
      await finish("Your password alone signs you in now.");
    });

  return (
    <>
      <p className="sessions-ended" role="status">
        {done}
      </p>
      <Refused failure={failure} />
      {isOn ? <Current factors={factors} /> : <p>{WITHOUT}</p>}
      <div className="actions">
        <button
          type="button"
          className={isOn ? "quiet-button" : "button"}
          aria-disabled={isPending}
          onClick={begin}
        >
          {isOn ? "Move to another app" : "Set up an authenticator app"}
        </button>
        {isOn && (
          <>
            <button type="button" className="quiet-button" onClick={() => setAsked("codes")}>
              New recovery codes
            </button>
            <button type="button" className="quiet-button" onClick={() => setAsked("removal")}>
              Remove
            </button>
          </>
        )}
      </div>
      {app && (
        <NewAppDialog
          app={app}
          confirm={(code) => confirm(app.id, code)}
          onAdded={(codes) => finish("Your authenticator app was added.", codes)}
          onClose={() => setApp(null)}
        />
      )}
      {asked === "codes" && (
        <ConfirmDialog
          title="Make new recovery codes?"
          action="Make new codes"
          onConfirm={replace}
          onClose={() => setAsked(null)}
        >
          The earlier ones stop working, and you are signed out everywhere else.
        </ConfirmDialog>
      )}
      {asked === "removal" && (
        <ConfirmDialog
          title="Remove the second step?"
          action="Remove"
          onConfirm={remove}
          onClose={() => setAsked(null)}
        >
          Your password alone will sign you in. The app and the recovery codes stop working, and you
          are signed out everywhere else.
        </ConfirmDialog>
      )}
      {dialog}
    </>
  );
}

const WITHOUT =
  "With an authenticator app, nobody can sign in with your password alone: each sign-in asks for a code that only your phone can make.";

function Current({ factors }: { factors: Factors }) {
  return (
    <>
      {factors.items.map(({ id, createdAt, lastUsedAt }) => (
        <p key={id}>
          Each sign-in asks for a code of your authenticator app.
          <small>
            Set up {day(createdAt)}, last used {day(lastUsedAt)} {time(lastUsedAt)}
          </small>
        </p>
      ))}
      <p>{codesLeft(factors.recoveryCodesLeft)}</p>
    </>
  );
}
