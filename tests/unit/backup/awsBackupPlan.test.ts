import { assert, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { backupRules, lockBounds, RESTORE_TEST_SCHEDULE } from "../../../components/backup/awsBackupPlan";

const DEFAULTS = { dailyDays: 35, weeklyWeeks: 12, monthlyMonths: 12 };
/** As the settings allow it. */
const retention = record({
  dailyDays: integer({ min: 1, max: 3650 }),
  weeklyWeeks: integer({ min: 1, max: 520 }),
  monthlyMonths: integer({ min: 1, max: 120 }),
});

describe("the plan of AWS Backup", () => {
  it("S0-31: backs up daily, weekly and monthly, for 35 days, 12 weeks and 12 months (C-39)", () => {
    expect(backupRules(DEFAULTS)).toEqual([
      { name: "daily", schedule: "cron(0 8 * * ? *)", deleteAfterDays: 35 },
      { name: "weekly", schedule: "cron(0 11 ? * SUN *)", deleteAfterDays: 84 },
      { name: "monthly", schedule: "cron(0 14 1 * ? *)", deleteAfterDays: 365 },
    ]);
  });

  it("keeps away from the backup window, the dumps and the default maintenance window", () => {
    const hours = backupRules(DEFAULTS).map(({ schedule }) => Number(schedule.split(" ")[1]));
    for (const hour of hours) expect(hour).toBeGreaterThan(6);
    expect(new Set(hours).size).toBe(hours.length);
    expect(RESTORE_TEST_SCHEDULE).toBe("cron(0 8 3 * ? *)");
  });

  it("never asks a locked vault for what it refuses, whatever the settings are", () => {
    assert(
      property(retention, (some) => {
        const { minRetentionDays, maxRetentionDays } = lockBounds(some);
        expect(minRetentionDays).toBeGreaterThanOrEqual(1);
        for (const { deleteAfterDays } of backupRules(some)) {
          expect(deleteAfterDays).toBeGreaterThanOrEqual(minRetentionDays);
          expect(deleteAfterDays).toBeLessThanOrEqual(maxRetentionDays);
        }
      }),
    );
  });

  it("locks the same bounds for every retention of a week or more, so that a change of it replaces no lock", () => {
    assert(
      property(retention, (some) => {
        const longer = { ...some, dailyDays: Math.max(7, some.dailyDays) };
        expect(lockBounds(longer)).toEqual({ minRetentionDays: 7, maxRetentionDays: 3650 });
      }),
    );
  });
});
