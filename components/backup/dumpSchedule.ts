/** The three rows of dumps, each under a prefix of its own in the bucket. */
export const DUMP_KINDS = ["daily", "weekly", "monthly"] as const;
export type DumpKind = (typeof DUMP_KINDS)[number];

/** When each is taken, UTC (C-39); monthly after the archiving of day 1 at 02:00 (S3-44). */
export const DUMP_SCHEDULES: Readonly<Record<DumpKind, string>> = {
  daily: "0 1 * * *",
  weekly: "30 1 * * 0",
  monthly: "0 4 1 * *",
};

/** How long each is kept, in the units of the settings. */
export interface DumpRetention {
  readonly dailyDays: number;
  readonly weeklyWeeks: number;
  readonly monthlyMonths: number;
}

/** Days that a dump of each kind is kept; a month counts 31, so that none goes early. */
export const retentionDays = ({ dailyDays, weeklyWeeks, monthlyMonths }: DumpRetention): Record<DumpKind, number> => ({
  daily: dailyDays,
  weekly: 7 * weeklyWeeks,
  monthly: 31 * monthlyMonths,
});

/**
 * When each kind is restored for a test, UTC: the daily one each week, within the eight days after which an alert asks for one;
 * the others each month (C-39). Hours after the dumps, and after the longest of them has begun.
 */
export const DRILL_SCHEDULES: Readonly<Record<DumpKind, string>> = {
  daily: "0 10 * * 1",
  weekly: "0 10 5 * *",
  monthly: "0 14 2 * *",
};

const DAY = 24;

/** Age in hours at which a drill finds the newest dump of a kind too old: one was missed. Two hours for it to be taken in. */
export const MAX_AGE_HOURS: Readonly<Record<DumpKind, number>> = {
  daily: DAY + 2,
  weekly: 7 * DAY + 2,
  monthly: 31 * DAY + 2,
};

/** Name of a CronJob of a database, such as `dump-daily-ai-company`; at most 52 characters (Kubernetes). */
export const cronJobName = (work: "dump" | "drill", kind: DumpKind, database: string): string =>
  `${work}-${kind}-${database.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
