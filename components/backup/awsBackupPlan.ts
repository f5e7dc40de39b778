/** When backups are taken and how long they are kept. Pure. */

/** How long backups are kept; the settings' own names. */
export interface Retention {
  readonly dailyDays: number;
  readonly weeklyWeeks: number;
  readonly monthlyMonths: number;
}

export interface BackupRule {
  readonly name: "daily" | "weekly" | "monthly";
  /** Cron expression of AWS, in UTC. */
  readonly schedule: string;
  readonly deleteAfterDays: number;
}

/**
 * Well after the RDS backup window (03:00 to 04:00), the dumps (01:00 to 04:00) and the default maintenance window (05:00 to
 * 06:00), and hours apart: RDS takes one snapshot of an instance after the other.
 */
export const backupRules = ({ dailyDays, weeklyWeeks, monthlyMonths }: Retention): readonly BackupRule[] => [
  { name: "daily", schedule: "cron(0 8 * * ? *)", deleteAfterDays: dailyDays },
  { name: "weekly", schedule: "cron(0 11 ? * SUN *)", deleteAfterDays: weeklyWeeks * 7 },
  { name: "monthly", schedule: "cron(0 14 1 * ? *)", deleteAfterDays: Math.ceil((monthlyMonths * 365) / 12) },
];

/** On the third of each month, when the monthly backup is there. */
export const RESTORE_TEST_SCHEDULE = "cron(0 8 3 * ? *)";

/** Longest retention that the settings allow, in days: ten years. */
const LONGEST_RETENTION_DAYS = 3650;
/** No backup may be made to vanish sooner. */
const SHORTEST_RETENTION_DAYS = 7;

/**
 * The bounds that a locked vault enforces. They leave the settings their room: in compliance mode they can never be changed
 * again, and a job outside them fails.
 */
export const lockBounds = (
  retention: Retention,
): { readonly minRetentionDays: number; readonly maxRetentionDays: number } => ({
  minRetentionDays: Math.min(
    SHORTEST_RETENTION_DAYS,
    ...backupRules(retention).map(({ deleteAfterDays }) => deleteAfterDays),
  ),
  maxRetentionDays: LONGEST_RETENTION_DAYS,
});
