import { expect, test } from "@playwright/test";
import { ACTIONS, factsOf } from "./event-words";

test("no two types of events are called the same", () => {
  const words = Object.values(ACTIONS);

  expect(new Set(words).size).toBe(words.length);
});

test("the facts of an event are one line, with its address first", () => {
  const event = { address: "203.0.113.7", detail: { reason: "revoked", by: "1" } };

  expect(factsOf(event)).toBe("from 203.0.113.7, reason: revoked, by: 1");
});

test("an event without an address and facts has an empty line", () => {
  expect(factsOf({ address: null, detail: {} })).toBe("");
});
