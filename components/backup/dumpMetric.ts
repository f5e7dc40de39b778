import type { DumpKind } from "./dumpSchedule";

/**
 * The sign of life of the dumps. A job puts the value 1 when a dump is complete in the bucket, and nothing otherwise, so what
 * raises the alarm is silence: a job that never started tells it as well as one that failed.
 */
export const DUMP_METRIC = { namespace: "ScalingLadder/Backup", name: "DumpSucceeded", unit: "Count" } as const;

/** The dimensions that tell the metrics of two jobs apart. */
export const dumpDimensions = (
  stack: string,
  database: string,
  kind: DumpKind,
): { readonly Stack: string; readonly Database: string; readonly Kind: DumpKind } => ({
  Stack: stack,
  Database: database,
  Kind: kind,
});

/**
 * When a backup is too old: no daily dump within 26 hours. A period of an hour or more lets an alarm look back for up to seven
 * days (CloudWatch API, PutMetricAlarm), so weekly and monthly dumps have no such alarm; every daily dump is a full one.
 */
export const DUMP_ALARM = {
  kind: "daily",
  statistic: "Sum",
  periodSeconds: 3600,
  evaluationPeriods: 26,
  comparison: "LessThanThreshold",
  threshold: 1,
  treatMissingData: "breaching",
} as const;
