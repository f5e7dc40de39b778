import { describe, expect, it } from "vitest";
import { dueKinds } from "../../../local/backup/due";
import type { BackupKind } from "../../../local/backup/names";

const made = (kind: BackupKind, created: string) => ({ kind, created: new Date(created) });
const due = (now: string, ...existing: ReturnType<typeof made>[]) => dueKinds(new Date(now), existing);

// 2026-11-22 is a Sunday, 2026-12-01 a Tuesday.
describe("what a scheduled backup makes", () => {
  it("S0-08: makes a daily backup on every run, and nothing else on a first ordinary day", () => {
    expect(due("2026-11-18T01:00:00Z")).toEqual(["daily"]);
  });

  it("adds the weekly one on Sunday and the monthly one on day 1, each once", () => {
    expect(due("2026-11-22T01:00:00Z")).toEqual(["daily", "weekly"]);
    expect(due("2026-11-22T23:59:59Z", made("weekly", "2026-11-22T01:30:00Z"))).toEqual(["daily"]);
    expect(due("2026-12-01T01:00:00Z", made("weekly", "2026-11-29T01:30:00Z"))).toEqual(["daily", "monthly"]);
    expect(due("2026-11-01T01:00:00Z")).toEqual(["daily", "weekly", "monthly"]);
  });

  it("catches up what was missed while the machine was off", () => {
    const before = made("daily", "2026-11-20T01:00:00Z");
    expect(due("2026-11-24T09:00:00Z", before)).toEqual(["daily", "weekly"]);
    expect(due("2026-12-03T09:00:00Z", before)).toEqual(["daily", "weekly", "monthly"]);
    expect(due("2026-11-24T09:00:00Z", before, made("weekly", "2026-11-23T08:00:00Z"))).toEqual(["daily"]);
  });

  it("does not count a week or month that began before the first backup as missed", () => {
    expect(due("2026-11-25T01:00:00Z", made("daily", "2026-11-24T01:00:00Z"))).toEqual(["daily"]);
  });

  it("reckons in UTC", () => {
    expect(due("2026-11-22T23:30:00-05:00", made("weekly", "2026-11-22T01:30:00Z"))).toEqual(["daily"]);
    expect(due("2026-11-21T23:30:00-05:00")).toEqual(["daily", "weekly"]);
  });
});
