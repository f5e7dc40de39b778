import { type CloudWatchRule, fixed } from "../alert";

/** What all daily backups have in common: a day and two hours without one is too long. */

const HOUR = 3600;
const HOURS = 26;

/** The same as Prometheus sees it: the age of the last one, in seconds. */
export const MAX_AGE = { threshold: fixed(HOURS * HOUR), unit: "seconds" } as const;

/** One good hour in 26 is enough; an hour without data counts as one without a backup. */
export const freshBackups = (
  rule: Pick<CloudWatchRule, "scope" | "namespace" | "metric">,
): readonly CloudWatchRule[] => [
  { ...rule, statistic: "Sum", periodSeconds: HOUR, periods: HOURS, comparison: "<", missing: "breaching" },
];

export const FRESHNESS = {
  threshold: fixed(1),
  limit: `none for ${HOURS} hours, or never`,
  unit: "backups",
  forMinutes: HOURS * 60,
  severity: "critical",
  source: "S0-31, C-39; a day and two hours",
} as const;
