import { expect, test } from "@playwright/test";
import { confirmNote, readNote, removeNote, UNREADABLE, writeNote } from "./note.ts";

/** Gives this process the storage of a browser, or one that is blocked. */
function install(isBlocked = false): void {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  };
  const get = () => {
    if (isBlocked) throw new DOMException("blocked", "SecurityError");
    return storage;
  };
  Object.defineProperty(globalThis, "localStorage", { get, configurable: true });
}

test.beforeEach(() => install());
test.afterEach(() => void Reflect.deleteProperty(globalThis, "localStorage"));

test("a browser without a session has no note", () => {
  expect(readNote()).toBeNull();
});

test("a session that is confirmed is noted once", () => {
  confirmNote();
  const first = readNote();
  confirmNote();

  expect(first).toMatch(/^\d+$/);
  expect(readNote()).toBe(first);
});

test("a removed note is gone", () => {
  writeNote();
  removeNote();

  expect(readNote()).toBeNull();
});

test("a session that has ended doesn't remove the note of a newer one", () => {
  writeNote();

  removeNote("an older note");

  expect(readNote()).not.toBeNull();
});

test("with blocked storage nothing fails, and nothing is known", () => {
  install(true);

  writeNote();
  confirmNote();
  removeNote();

  expect(readNote()).toBe(UNREADABLE);
});
