import { expect, test } from "@playwright/test";
import { exclusively } from "./tabs.ts";

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

test("a lock that another tab does not release in time is taken away from it", async () => {
  const { run, runs } = work();
  const asked: object[] = [];
  install(async (_name, options, start) => {
    asked.push(options);
    if (!("steal" in options)) throw new DOMException("timed out", "TimeoutError");
    return start();
  });

  expect(await exclusively(run)).toBe("done");
  expect(runs()).toBe(1);
  expect(asked).toEqual([{ signal: expect.any(AbortSignal) }, { steal: true }]);
});

test("work runs where locks are forbidden", async () => {
  const { run, runs } = work();
  install(() => Promise.reject(new DOMException("forbidden", "SecurityError")));

  expect(await exclusively(run)).toBe("done");
  expect(runs()).toBe(1);
});

test("work whose lock is taken away goes on, and is not repeated", async () => {
  const { run, runs } = work();
  install(async (_name, _options, start) => {
    void start();
    throw new DOMException("stolen", "AbortError");
  });

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
