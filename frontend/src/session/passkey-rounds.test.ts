import { expect, test } from "@playwright/test";
import { HttpProblem, NoResponse } from "latchkey-session";
import type { AnyFailure } from "@/api/failure";
import { PasskeyRefusal } from "@/api/passkeys";
import { offer, prove, type Steps } from "./passkey-rounds";

const problem = (code: string, headers = {}) =>
  new HttpProblem(new Response(null, { status: 401, headers }), { code, title: "-" });
const cancelled = new PasskeyRefusal("not_given");
const expired = new DOMException("Too old", "AbortError");

/** What happened, and what happens in each round: in the browser, or else at the service. */
function rehearsal(...outcomes: (Error | "signed in" | { chosen: true; failure: Error })[]) {
  const log: string[] = [];
  let round = 0;
  const outcome = () => outcomes[round - 1] ?? "signed in";
  const steps: Steps = {
    options: async () => {
      round += 1;
      return { challenge: String(round), rpId: "example.com" };
    },
    choose: async ({ challenge }, { place }) => {
      log.push(`ask in a ${place} with ${challenge}`);
      const now = outcome();
      if (now instanceof Error) throw now;
      return { id: `passkey ${challenge}` };
    },
    send: async ({ id }) => {
      log.push(`send ${id}`);
      const now = outcome();
      if (now !== "signed in" && "failure" in now) throw now.failure;
    },
    forget: async ({ rpId }, { id }) => void log.push(`forget ${id} of ${rpId}`),
  };
  return { log, steps };
}

const chosen = (failure: Error) => ({ chosen: true, failure }) as const;

function offered(steps: Steps, log: string[]) {
  const stop = new AbortController();
  const told: AnyFailure[] = [];
  const tell = (failure: AnyFailure) => void told.push(failure);
  const pause = async (delay: number) => {
    log.push(delay === 0 ? "go on" : `pause ${Math.floor(delay / 1_000)}`);
  };
  return { stop, told, done: offer(steps, stop.signal, { tell, pause }) };
}

test("a passkey that is chosen signs in", async () => {
  const { log, steps } = rehearsal("signed in");

  await prove(steps, { place: "window" });

  expect(log).toEqual(["ask in a window with 1", "send passkey 1"]);
});

test("a challenge that has expired is replaced, and the browser asks once more in a window", async () => {
  const { log, steps } = rehearsal(chosen(problem("challenge_invalid")));

  await prove(steps, { place: "field" });

  expect(log).toEqual([
    "ask in a field with 1",
    "send passkey 1",
    "ask in a window with 2",
    "send passkey 2",
  ]);
});

test("a second challenge that has expired ends the attempt", async () => {
  const { log, steps } = rehearsal(
    chosen(problem("challenge_invalid")),
    chosen(problem("challenge_invalid")),
  );

  await expect(prove(steps, { place: "window" })).rejects.toMatchObject({ reason: "late" });

  expect(log).toHaveLength(4);
});

test("only a passkey that the service does not know is forgotten", async () => {
  for (const [code, forgotten] of [
    ["passkey_unknown", ["forget passkey 1 of example.com"]],
    ["passkey_invalid", []],
    ["too_many_attempts", []],
  ] as const) {
    const { log, steps } = rehearsal(chosen(problem(code)));

    await expect(prove(steps, { place: "window" })).rejects.toMatchObject({ code });

    expect(log.slice(2)).toEqual(forgotten);
  }
});

test("after a wrong passkey the offer continues, and a right one ends it", async () => {
  const wrong = problem("passkey_invalid");
  const { log, steps } = rehearsal(chosen(wrong), "signed in");

  const { told, done } = offered(steps, log);
  await done;

  expect(told).toEqual([wrong]);
  expect(log).toEqual([
    "ask in a field with 1",
    "send passkey 1",
    expect.stringMatching(/^pause [12]$/),
    "ask in a field with 2",
    "send passkey 2",
  ]);
});

test("what the person did not choose is not told, and the pauses grow", async () => {
  const { log, steps } = rehearsal(cancelled, new NoResponse("No response"), cancelled);

  const { told, done } = offered(steps, log);
  await done;

  expect(told).toEqual([]);
  const pauses = log
    .filter((line) => line.startsWith("pause"))
    .map((line) => Number(line.slice(6)));
  expect(pauses).toHaveLength(3);
  for (const [index, least] of [1, 2, 4].entries()) {
    expect(pauses[index]).toBeGreaterThanOrEqual(least);
  }
});

test("a passkey whose response is lost is told", async () => {
  const { log, steps } = rehearsal(chosen(new NoResponse("No response")));

  const { told, done } = offered(steps, log);
  await done;

  expect(told).toHaveLength(1);
});

test("options that are too old are renewed at once", async () => {
  const { log, steps } = rehearsal(expired, expired);

  const { told, done } = offered(steps, log);
  await done;

  expect(told).toEqual([]);
  expect(log.filter((line) => line === "go on")).toHaveLength(2);
});

for (const code of ["passkeys_disabled", "origin_not_allowed"]) {
  test(`after ${code} nothing is offered any more`, async () => {
    const { log, steps } = rehearsal(chosen(problem(code)));

    const { done } = offered(steps, log);
    await done;

    expect(log).toHaveLength(2);
  });
}

test("an offer that is withdrawn ends without a word", async () => {
  const { log, steps } = rehearsal();
  const { stop, told, done } = offered(
    {
      ...steps,
      choose: async () => {
        stop.abort();
        throw expired;
      },
    },
    log,
  );

  await done;

  expect(told).toEqual([]);
  expect(log).toEqual([]);
});

test("a mistake in the pages is not hidden", async () => {
  const { log, steps } = rehearsal(new TypeError("a mistake"));

  await expect(offered(steps, log).done).rejects.toThrow(TypeError);
});
