import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DUMP_ALARM, dumpDimensions } from "../../../components/backup/dumpMetric";
import { PART_BLOCKS, WORK_MIB } from "../../../components/backup/dumpPod";
import {
  cronJobName,
  DRILL_SCHEDULES,
  DUMP_KINDS,
  DUMP_SCHEDULES,
  MAX_AGE_HOURS,
  retentionDays,
} from "../../../components/backup/dumpSchedule";
import { scriptFiles } from "../../../components/backup/scripts";
import { CATALOGUE_NAMES } from "../../../settings/fields";

describe("names of the jobs", () => {
  it("differ, and Kubernetes takes them", () => {
    const names = CATALOGUE_NAMES.flatMap((database) =>
      DUMP_KINDS.flatMap((kind) => [cronJobName("dump", kind, database), cronJobName("drill", kind, database)]),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(52);
  });
});

describe("retention", () => {
  it("is never shorter than what was asked for", () => {
    const count = fc.integer({ min: 1, max: 120 });
    fc.assert(
      fc.property(count, count, count, (dailyDays, weeklyWeeks, monthlyMonths) => {
        const days = retentionDays({ dailyDays, weeklyWeeks, monthlyMonths });
        expect(days.daily).toBe(dailyDays);
        expect(days.weekly).toBe(7 * weeklyWeeks);
        // No run of months has more than 31 days each.
        expect(days.monthly).toBeGreaterThanOrEqual(monthlyMonths * (365.25 / 12));
      }),
    );
  });
});

describe("the sign of life", () => {
  it("raises the alarm when 26 hours pass without one, within what CloudWatch can look back", () => {
    const { periodSeconds, evaluationPeriods, treatMissingData, threshold } = DUMP_ALARM;
    expect((periodSeconds * evaluationPeriods) / 3600).toBe(26);
    expect([treatMissingData, threshold]).toEqual(["breaching", 1]);
    // PutMetricAlarm: at most seven days, and more than one only with periods of an hour or longer.
    expect(periodSeconds).toBeGreaterThanOrEqual(3600);
    expect(periodSeconds * evaluationPeriods).toBeLessThanOrEqual(604_800);
  });

  it("is sent with the dimensions that the alarm watches", () => {
    for (const dimension of Object.keys(dumpDimensions("prod", "circle", "daily")))
      expect(scriptFiles("dump")["upload.sh"]).toContain(`${dimension}=$`);
  });
});

describe("the archive of a month", () => {
  it("needs little room: two members at a time on the volume", () => {
    expect((2 * PART_BLOCKS * 65_536) / 2 ** 20).toBeLessThan(WORK_MIB / 2);
  });
});

describe("drills", () => {
  const [minute, hour, dayOfMonth, dayOfWeek] = [0, 1, 2, 4];
  const field = (schedule: string, index: number) => schedule.split(" ")[index] ?? "";

  it("are weekly for the daily dump, so that none is ever eight days old, and monthly for the others", () => {
    expect([field(DRILL_SCHEDULES.daily, dayOfMonth), field(DRILL_SCHEDULES.daily, dayOfWeek)]).toEqual(["*", "1"]);
    for (const kind of ["weekly", "monthly"] as const)
      expect([field(DRILL_SCHEDULES[kind], dayOfMonth), field(DRILL_SCHEDULES[kind], dayOfWeek)]).toMatchObject([
        expect.stringMatching(/^[1-9]$/),
        "*",
      ]);
  });

  it("come hours after the dump that they restore, and within the age that they allow", () => {
    const hourOf = (schedule: string) => Number(field(schedule, hour)) + Number(field(schedule, minute)) / 60;
    const [dumped, drilled] = [hourOf(DUMP_SCHEDULES.daily), hourOf(DRILL_SCHEDULES.daily)];
    expect(drilled - dumped).toBeGreaterThanOrEqual(4);
    // A daily dump that was missed is found: the one before is older by a day.
    expect(drilled - dumped).toBeLessThan(MAX_AGE_HOURS.daily);
    expect(drilled - dumped + 24).toBeGreaterThan(MAX_AGE_HOURS.daily);
    // The weekly one is at most a week old on any day, the monthly one a day and some hours on the second.
    expect(MAX_AGE_HOURS.weekly).toBeGreaterThan(7 * 24);
    expect(MAX_AGE_HOURS.monthly).toBeGreaterThan(31 * 24);
    expect(field(DRILL_SCHEDULES.monthly, dayOfMonth)).toBe("2");
  });
});
