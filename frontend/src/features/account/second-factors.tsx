"use client";

import { useState } from "react";
import { isNewApp } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { Factor, Factors, NewApp } from "@/api/types";
import { authorized } from "@/session/authorized";
import { confirmFactor, removeFactors, replaceRecoveryCodes } from "@/session/session";
import { day, time } from "@/ui/instant";
import { ConfirmDialog } from "./confirm-dialog";
import { useFactorChanges } from "./factor-changes";
import { NewAppDialog } from "./new-app-dialog";
import { codesLeft } from "./second-factors-text";

type Asked = "codes" | "removal" | null;

/** The second step of the signed-in person's sign-ins: adds, replaces and removes it. */
export function SecondFactors({ factors }: { factors: Factors }) {
  const { isPending, change, recently, finish, report, dialog } = useFactorChanges();
  const [asked, setAsked] = useState<Asked>(null);
  const [app, setApp] = useState<NewApp | null>(null);
  const apps = factors.items.filter(({ kind }) => kind === "totp");
  const hasApp = apps.length > 0;
  const hasPasskeys = factors.items.some(({ kind }) => kind === "passkey");

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
      {report}
      {apps.map((each) => (
        <App key={each.id} app={each} />
      ))}
      {!hasApp && <p>{hasPasskeys ? WITH_PASSKEYS : WITHOUT}</p>}
      {factors.items.length > 0 && <p>{codesLeft(factors.recoveryCodesLeft)}</p>}
      <div className="actions">
        <button
          type="button"
          className={factors.items.length > 0 ? "quiet-button" : "button"}
          aria-disabled={isPending}
          onClick={begin}
        >
          {hasApp ? "Move to another app" : "Set up an authenticator app"}
        </button>
        {factors.items.length > 0 && (
          <>
            <button type="button" className="quiet-button" onClick={() => setAsked("codes")}>
              New recovery codes
            </button>
            <button type="button" className="quiet-button" onClick={() => setAsked("removal")}>
              {hasPasskeys ? "Remove all" : "Remove"}
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
          title={hasPasskeys ? "Remove passkeys and second step?" : "Remove the second step?"}
          action="Remove"
          onConfirm={remove}
          onClose={() => setAsked(null)}
        >
          Your password alone will sign you in.{" "}
          {hasPasskeys ? ALL : "The app and the recovery codes"} stop working, and you are signed
          out everywhere else.
        </ConfirmDialog>
      )}
      {dialog}
    </>
  );
}

const ALL = "All passkeys, the app and the recovery codes";
const WITHOUT =
  "With an authenticator app, nobody can sign in with your password alone: each sign-in asks for a code that only your phone can make.";
const WITH_PASSKEYS =
  "Your password alone signs nobody in: after it, we ask for a passkey or a recovery code. With an authenticator app you also get in where you have no passkey.";

function App({ app: { createdAt, lastUsedAt } }: { app: Factor }) {
  return (
    <p>
      With your password, each sign-in asks for a code of your authenticator app.
      <small>
        Set up {day(createdAt)}, last used {day(lastUsedAt)} {time(lastUsedAt)}
      </small>
    </p>
  );
}
