import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DUMP_ALARM, DUMP_METRIC, dumpDimensions } from "../../../components/backup/dumpMetric";
import { cronJobName, DUMP_KINDS, retentionDays } from "../../../components/backup/dumpSchedule";
import { dumpScript, PART_BLOCKS, uploadScript } from "../../../components/backup/dumpScript";
import { CATALOGUE_NAMES } from "../../../settings/fields";

describe("names of the jobs", () => {
  it("differ, and Kubernetes takes them", () => {
    const names = CATALOGUE_NAMES.flatMap((database) => DUMP_KINDS.map((kind) => cronJobName(kind, database)));
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

  it("is sent with the name and the dimensions that the alarm watches", () => {
    const script = uploadScript(DUMP_METRIC);
    expect(script).toContain(`--namespace '${DUMP_METRIC.namespace}' --metric-name '${DUMP_METRIC.name}'`);
    for (const dimension of Object.keys(dumpDimensions("prod", "circle", "daily")))
      expect(script).toContain(`${dimension}=$`);
  });
});

describe("the archive of a month", () => {
  it("needs little room: two members at a time on a volume of 256 MiB", () => {
    expect((2 * PART_BLOCKS * 65_536) / 2 ** 20).toBeLessThan(256);
    expect(dumpScript()).toContain(`count=${PART_BLOCKS}`);
  });
});
