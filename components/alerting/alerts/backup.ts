import { DUMP_METRIC } from "../../backup/dumpMetric";
import { type Alert, type CloudWatchRule, fixed } from "../alert";

/** Backups that stopped in silence are the ones that hurt: freshness is watched, not only failures. */

const HOUR = 3600;

const failed = (metric: string, scope: CloudWatchRule["scope"] = "vault"): readonly CloudWatchRule[] => [
  {
    scope,
    namespace: "AWS/Backup",
    metric,
    statistic: "Sum",
    periodSeconds: HOUR,
    periods: 1,
    comparison: ">",
    missing: "notBreaching",
  },
];

const fresh = (rule: Pick<CloudWatchRule, "scope" | "namespace" | "metric">): readonly CloudWatchRule[] => [
  // One good hour in 26 is enough; an hour without data counts as one without a backup.
  { ...rule, statistic: "Sum", periodSeconds: HOUR, periods: 26, comparison: "<", missing: "breaching" },
];

const FRESHNESS = {
  part: "backup",
  threshold: fixed(1),
  limit: "none for 26 hours, or never",
  unit: "backups",
  forMinutes: 26 * 60,
  severity: "critical",
  source: "S0-31, C-39; a day and two hours",
} as const;

export const backup: readonly Alert[] = [
  {
    ...FRESHNESS,
    name: "backup-old",
    signal: "backups that AWS Backup finished",
    runbook: {
      means:
        "No backup has been finished for more than a day. It fires on a new stack, too, until the first one is there.",
      look: [
        "Jobs in the AWS Backup console: none, failed, or expired before they began?",
        "The plan's selection: do the ARNs still exist?",
      ],
      act: ["Start an on-demand backup now; mend the cause after that."],
    },
    cloudwatch: fresh({ scope: "vault", namespace: "AWS/Backup", metric: "NumberOfBackupJobsCompleted" }),
  },
  {
    ...FRESHNESS,
    name: "dump-old",
    signal: "daily dumps of a database that succeeded",
    source: "S4-47, C-39; a day and two hours",
    runbook: {
      means: "The daily pg_dump of a database did not succeed.",
      look: ["`kubectl get jobs --selector app=database-dump --all-namespaces`; the log of the last dump's pod."],
      act: ["Run it now: `kubectl create job --from=cronjob/<name> <name>-now`."],
    },
    cloudwatch: fresh({ scope: "dump", namespace: DUMP_METRIC.namespace, metric: DUMP_METRIC.name }),
    prometheus: {
      expr: () =>
        'time() - max by (cronjob) (kube_cronjob_status_last_successful_time{cronjob=~"dump-daily-.*"}) > 26 * 3600',
    },
  },
  {
    name: "backup-failed",
    part: "backup",
    signal: "backup jobs that failed",
    threshold: fixed(0),
    limit: "any within an hour",
    unit: "jobs",
    forMinutes: 0,
    severity: "critical",
    source: "S0-31, C-39",
    runbook: {
      means: "AWS Backup tried and could not.",
      look: ["The job's message: role, key, or a snapshot that was under way."],
      act: ["Mend it and start the job again; a missing right is the commonest cause."],
    },
    cloudwatch: failed("NumberOfBackupJobsFailed"),
  },
  {
    name: "backup-expired",
    part: "backup",
    signal: "backup jobs that did not begin in time",
    threshold: fixed(0),
    limit: "any within an hour",
    unit: "jobs",
    forMinutes: 0,
    severity: "warning",
    source: "S0-31, C-39",
    runbook: {
      means: "The job did not start within its window.",
      look: ["The instance's state at that time: RDS takes one snapshot after the other, and none during maintenance."],
      act: ["Move the maintenance window (`database.maintenanceWindow`) away from the backups."],
    },
    cloudwatch: failed("NumberOfBackupJobsExpired"),
  },
  {
    name: "backup-copy-failed",
    part: "backup",
    signal: "copies to the second region that failed",
    threshold: fixed(0),
    limit: "any within an hour",
    unit: "jobs",
    forMinutes: 0,
    severity: "critical",
    source: "S0-34, C-39",
    runbook: {
      means: "The second region has no copy of that backup.",
      look: ["The copy job's message; the key and the policy of the vault there."],
      act: ["Copy the recovery point by hand, then mend the cause."],
    },
    cloudwatch: failed("NumberOfCopyJobsFailed", "copy-vault"),
    notice: "AWS Backup, as COPY_JOB_FAILED of the vault",
  },
  {
    name: "restore-test-failed",
    part: "backup",
    signal: "restores that failed",
    threshold: fixed(0),
    limit: "any within an hour",
    unit: "jobs",
    forMinutes: 0,
    severity: "critical",
    source: "C-39: a monthly restore test",
    runbook: {
      means: "A backup could not be restored. Until it can, there is no backup.",
      look: ["The restore job's message: quota, subnet group, key or role."],
      act: ["Mend it and start a restore by hand the same day."],
    },
    cloudwatch: failed("NumberOfRestoreJobsFailed"),
  },
  {
    name: "restore-drill-old",
    part: "backup",
    signal: "age of the last restore drill that succeeded",
    threshold: fixed(8 * 24 * HOUR),
    limit: "older than 8 days",
    unit: "seconds",
    forMinutes: 60,
    severity: "warning",
    source: "ours: weekly, and a day",
    runbook: {
      means: "Nobody has proved for more than a week that a dump can be restored.",
      look: ["The drill's job and its log."],
      act: ["Run the drill now."],
    },
    prometheus: {
      expr: (seconds) =>
        `time() - max by (cronjob) (kube_cronjob_status_last_successful_time{cronjob=~".*restore-drill.*"}) > ${seconds}`,
    },
  },
];
