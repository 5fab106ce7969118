import { expect, test } from "@playwright/test";
import { announce, exclusively, onAnnouncement } from "./tabs";

type Lock = (name: string, options: object, start: () => Promise<unknown>) => Promise<unknown>;

/** Gives this process a browser's lock manager, or none. */
function install(request?: Lock): void {
  const navigator = request ? { locks: { request } } : {};
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

/** Counts how often it ran. */
function work(outcome: () => string = () => "done") {
  let runs = 0;
  const run = async () => {
    runs += 1;
    return outcome();
  };
  return { run, runs: () => runs };
}

const original = Object.getOwnPropertyDescriptor(globalThis, "navigator");

test.afterEach(() => {
  if (original) Object.defineProperty(globalThis, "navigator", original);
  else Reflect.deleteProperty(globalThis, "navigator");
});

test("work runs once the lock is held", async () => {
  const { run, runs } = work();
  install(async (_name, _options, start) => start());

  expect(await exclusively(run)).toBe("done");
  expect(runs()).toBe(1);
});

test("work runs without Web Locks", async () => {
  install();

  expect(await exclusively(work().run)).toBe("done");
});

test("work runs without the lock if another tab does not release it in time", async () => {
  const { run, runs } = work();
  install(() => Promise.reject(new DOMException("timed out", "TimeoutError")));

  expect(await exclusively(run)).toBe("done");
  expect(runs()).toBe(1);
});

test("work that fails under the lock is not repeated", async () => {
  const { run, runs } = work(() => {
    throw new Error("wrong password");
  });
  install(async (_name, _options, start) => start());

  await expect(exclusively(run)).rejects.toThrow("wrong password");
  expect(runs()).toBe(1);
});

test("an announcement reaches the other tabs, but not the tab that makes it", async () => {
  const received: string[] = [];
  const stop = onAnnouncement(() => received.push("this tab"));
  const other = new BroadcastChannel("latchkey-session");
  const delivered = new Promise((resolve) => {
    other.onmessage = resolve;
  }).then(() => received.push("another tab"));

  announce();
  await delivered;

  expect(received).toEqual(["another tab"]);
  other.close();
  stop();
});
