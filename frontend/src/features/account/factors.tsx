"use client";

import { useQuery } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { useIsRenewalFailing } from "@/session/state";
import { FailureNotice } from "@/ui/failure-notice";
import { useFeatures } from "@/ui/features";
import { useRetry } from "@/ui/retrying";
import { useAcceptedPasskeys } from "./accepted-passkeys";
import { factorsQuery } from "./factors-query";
import { Passkeys } from "./passkeys";
import { RememberedDevices } from "./remembered-devices";
import { SecondFactors } from "./second-factors";

/** What the signed-in person signs in with besides the password, where the service has that. */
export function Factors() {
  const retry = useRetry();
  const features = useFeatures();
  const isFailureShown = useIsRenewalFailing();
  const { data, error, failureReason } = useQuery(factorsQuery);
  useAcceptedPasskeys(data);
  const failure = error ?? failureReason;
  const hasAny = data !== undefined && data.items.length > 0;
  const hasPasskeys = hasAny && data.items.some(({ kind }) => kind === "passkey");
  const devices = data?.rememberedDevices ?? []; // a service of the previous release has none
  return (
    <>
      {data && (features?.passkeys || hasPasskeys) && (
        <Passkeys factors={data} isOffered={features?.passkeys ?? false} />
      )}
      {(features?.secondFactors || hasAny || isFailure(failure)) && (
        <section className="second-factors" aria-labelledby="second-factors">
          <h2 id="second-factors">Second step of signing in</h2>
          {isFailure(failure) && !isFailureShown && (
            <FailureNotice failure={failure} onRetry={retry} />
          )}
          {data && <SecondFactors factors={data} />}
          {devices.length > 0 && <RememberedDevices devices={devices} />}
        </section>
      )}
    </>
  );
}
