import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeLock, type LockContent, parseLock } from "../../../engine/locks";

const TAKEN = Date.parse("2026-01-02T03:04:05.678Z");
const lock: LockContent = { pid: 7, username: "ann", hostname: "here", timestamp: "2026-01-02T03:04:05.678901234Z" };
const facts = { hostname: "here", holderStarted: TAKEN - 60_000, ageMs: 1_000 };

describe("a lock", () => {
  it.each([
    ["alive", lock, facts],
    ["alive", lock, { ...facts, holderStarted: "running" as const }],
    ["dead", lock, { ...facts, holderStarted: undefined }],
    ["dead", lock, { ...facts, holderStarted: TAKEN + 60_000 }],
    ["elsewhere", lock, { ...facts, hostname: "there" }],
    ["elsewhere", lock, { ...facts, hostname: "there", holderStarted: undefined }],
    ["alive", undefined, { ...facts, ageMs: 100 }],
    ["dead", undefined, { ...facts, ageMs: 60_000 }],
  ] as const)("is %s (case %#)", (expected, content, known) => {
    expect(judgeLock(content, known)).toBe(expected);
  });

  it("of another machine is never called dead", () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer(), { nil: undefined }),
        fc.nat(),
        fc.string(),
        (holderStarted, ageMs, hostname) => {
          fc.pre(hostname !== lock.hostname);
          expect(judgeLock(lock, { hostname, holderStarted, ageMs })).toBe("elsewhere");
        },
      ),
    );
  });

  it("is read from whole JSON and from nothing else", () => {
    expect(parseLock(JSON.stringify(lock))).toEqual(lock);
    fc.assert(
      fc.property(fc.nat(JSON.stringify(lock).length - 1), (length) => {
        expect(parseLock(JSON.stringify(lock).slice(0, length))).toBeUndefined();
      }),
    );
    for (const text of ["", "null", "[]", "7", '{"pid":"7","hostname":"a","timestamp":"b"}']) {
      expect(parseLock(text)).toBeUndefined();
    }
  });
});
