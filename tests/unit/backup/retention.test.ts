import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backupKinds } from "../../../local/backup/names";
import { planRetention } from "../../../local/backup/retention";

type Backup = { kind: (typeof backupKinds)[number]; database: string; created: Date; good: boolean };
const DAY = 24 * 60 * 60 * 1000;
const now = new Date("2026-11-21T01:00:00Z");
const old = (days: number, kind: Backup["kind"] = "daily", good = true, database = "app"): Backup => ({
  kind,
  database,
  created: new Date(now.getTime() - days * DAY),
  good,
});

describe("retention", () => {
  it("S0-08: keeps daily backups 35 days, weekly ones 12 weeks, monthly ones 12 months", () => {
    const newest = old(0);
    const kept = [old(35), old(84, "weekly"), old(365, "monthly")];
    const gone = [old(35.1), old(84.1, "weekly"), old(365.1, "monthly")];
    expect(planRetention([newest, ...kept, ...gone], now)).toEqual(gone);
  });

  it("reckons months by the calendar, also from the 31st", () => {
    const on = (created: string): Backup => ({ ...old(0, "monthly"), created: new Date(created) });
    const plan = planRetention(
      [on("2027-12-01T00:00:00Z"), on("2027-06-30T04:00:00Z"), on("2027-06-29T04:00:00Z")],
      new Date("2027-12-31T04:00:00Z"),
      { daily: 35, weekly: 12, monthly: 6 },
    );
    expect(plan.map((backup) => backup.created.toISOString())).toEqual(["2027-06-29T04:00:00.000Z"]);
  });

  it("never plans to delete the newest good backup, however old, but does a broken one that is newer", () => {
    const broken = old(300, "daily", false);
    const good = old(400);
    const other = old(500, "weekly", true, "other");
    expect(planRetention([broken, good, other, old(401)], now)).toEqual([broken, old(401)]);
  });

  it("keeps a good backup of every database that has one, and deletes nothing that is young enough", () => {
    const backup = fc.record({
      kind: fc.constantFrom(...backupKinds),
      database: fc.constantFrom("a", "b"),
      created: fc.date({ min: new Date("2020-01-01"), max: new Date("2028-01-01"), noInvalidDate: true }),
      good: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(backup, { maxLength: 30 }), (existing) => {
        const plan = new Set<Backup>(planRetention(existing, now));
        const left = existing.filter((entry) => !plan.has(entry));
        for (const database of ["a", "b"]) {
          const newest = (list: Backup[]) =>
            Math.max(...list.filter((e) => e.good && e.database === database).map((e) => e.created.getTime()));
          expect(newest(left)).toBe(newest(existing));
        }
        for (const entry of plan) expect(now.getTime() - entry.created.getTime()).toBeGreaterThan(35 * DAY - 1);
      }),
    );
  });
});
