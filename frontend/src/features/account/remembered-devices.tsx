"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { isForgotten } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { DevicesToForget, RememberedDevice } from "@/api/types";
import { authorized } from "@/session/authorized";
import { explain } from "@/ui/explain";
import { day, time } from "@/ui/instant";
import { deviceName } from "./sessions-text";

/** The devices on which the signed-in person's password is enough, and buttons to forget them. */
export function RememberedDevices({ devices }: { devices: readonly RememberedDevice[] }) {
  const queries = useQueryClient();
  const forget = useMutation({
    mutationFn: (body: DevicesToForget) =>
      ask(authorized.POST("/api/auth/factors/remembered-devices/forget", { body }), isForgotten),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["factors"] }),
  });
  const begin = (body: DevicesToForget) => {
    if (!forget.isPending) forget.mutate(body);
  };
  return (
    <>
      <h3 id="remembered-devices">Devices that need no code</h3>
      <p className="form-error" role="alert">
        {isFailure(forget.error) &&
          `${explain(forget.error).title}. ${explain(forget.error).detail}`}
      </p>
      <table aria-labelledby="remembered-devices">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Until</th>
            <th scope="col">Action</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <Row
              key={device.id}
              device={device}
              isBusy={forget.isPending}
              onForget={() => begin({ devices: [device.id] })}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

type RowProps = { device: RememberedDevice; isBusy: boolean; onForget: () => void };

function Row({ device, isBusy, onForget }: RowProps) {
  const { createdAt, lastUsedAt, expiresAt } = device;
  const name = deviceName(device);
  return (
    <tr>
      <th scope="row">
        {name}
        <small>
          {lastUsedAt ? `Last used ${day(lastUsedAt)} ${time(lastUsedAt)}` : "Not used yet"}
        </small>
      </th>
      <td>{day(expiresAt)}</td>
      <td>
        <button
          type="button"
          className="quiet-button"
          aria-label={`Forget ${name}, remembered ${day(createdAt)} ${time(createdAt)}`}
          aria-disabled={isBusy}
          onClick={onForget}
        >
          Forget
        </button>
      </td>
    </tr>
  );
}
