"use client";

import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hasPasskeys } from "@/api/passkeys";
import type { Factor, Factors, SignedInSession } from "@/api/types";
import { addPasskey, removePasskey } from "@/session/passkeys";
import { day, time } from "@/ui/instant";
import { ConfirmDialog } from "./confirm-dialog";
import { useFactorChanges } from "./factor-changes";
import { NewPasskeyDialog } from "./new-passkey-dialog";
import { suggestedName, whereabouts } from "./passkeys-text";

type Sessions = InfiniteData<{ items: SignedInSession[] }>;

/** The signed-in person's passkeys: lists, adds and removes them. */
export function Passkeys({ factors, isOffered }: { factors: Factors; isOffered: boolean }) {
  const queries = useQueryClient();
  const { isPending, change, recently, finish, report, dialog } = useFactorChanges();
  const [suggested, setSuggested] = useState<string | null>(null);
  const [unwanted, setUnwanted] = useState<Factor | null>(null);
  const passkeys = factors.items.filter(({ kind }) => kind === "passkey");

  function begin() {
    const pages = queries.getQueryData<Sessions>(["sessions"])?.pages ?? [];
    const sessions = pages.flatMap(({ items }) => items);
    setSuggested(suggestedName(sessions, passkeys.map(nameOf)));
  }

  async function add(name: string): Promise<readonly string[] | null> {
    let codes: readonly string[] | null = null;
    await recently(async () => {
      codes = await addPasskey(name);
    });
    return codes;
  }

  const remove = ({ id }: Factor) =>
    change(async () => {
      await removePasskey(id);
      await finish("The passkey was removed.");
    });

  return (
    <section className="second-factors" aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      {report}
      <p>
        A passkey signs you in without a password: your device checks that it’s you, by fingerprint,
        face or PIN.
      </p>
      {passkeys.length > 0 && (
        <PasskeyTable passkeys={passkeys} isBusy={isPending} onRemove={setUnwanted} />
      )}
      {isOffered && <Adding isFirst={passkeys.length === 0} onBegin={begin} />}
      {suggested !== null && (
        <NewPasskeyDialog
          suggested={suggested}
          add={add}
          onAdded={(codes) => finish("Your passkey was added.", codes)}
          onClose={() => setSuggested(null)}
        />
      )}
      {unwanted && (
        <ConfirmDialog
          title={`Remove the passkey ${nameOf(unwanted)}?`}
          action="Remove"
          onConfirm={() => remove(unwanted)}
          onClose={() => setUnwanted(null)}
        >
          It no longer signs you in, and you are signed out everywhere else.
          {factors.items.length === 1 &&
            " Your password alone will sign you in, and the recovery codes stop working."}
        </ConfirmDialog>
      )}
      {dialog}
    </section>
  );
}

function Adding({ isFirst, onBegin }: { isFirst: boolean; onBegin: () => void }) {
  if (!hasPasskeys()) return <p className="quiet">This browser cannot create passkeys.</p>;
  return (
    <div className="actions">
      <button type="button" className={isFirst ? "button" : "quiet-button"} onClick={onBegin}>
        {isFirst ? "Add a passkey" : "Add another passkey"}
      </button>
    </div>
  );
}

type TableProps = {
  passkeys: readonly Factor[];
  isBusy: boolean;
  onRemove: (passkey: Factor) => void;
};

function PasskeyTable({ passkeys, isBusy, onRemove }: TableProps) {
  return (
    <table>
      <caption className="visually-hidden">Your passkeys</caption>
      <thead>
        <tr>
          <th scope="col">Passkey</th>
          <th scope="col">Last used</th>
          <th scope="col">Action</th>
        </tr>
      </thead>
      <tbody>
        {passkeys.map((passkey) => (
          <tr key={passkey.id}>
            <th scope="row">
              {nameOf(passkey)}
              <small>
                Added {day(passkey.createdAt)}, {whereabouts(passkey.synced)}
              </small>
            </th>
            <LastUsed passkey={passkey} />
            <td>
              <button
                type="button"
                className="quiet-button"
                aria-label={`Remove the passkey ${nameOf(passkey)}`}
                aria-disabled={isBusy}
                onClick={() => isBusy || onRemove(passkey)}
              >
                Remove
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LastUsed({ passkey: { createdAt, lastUsedAt } }: { passkey: Factor }) {
  if (lastUsedAt === createdAt) return <td>Never</td>;
  return (
    <td>
      {day(lastUsedAt)}
      <small>{time(lastUsedAt)}</small>
    </td>
  );
}

const nameOf = ({ name }: Factor): string => name ?? "Passkey";
