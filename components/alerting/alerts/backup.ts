import { type Alert, type CloudWatchRule, fixed } from "../alert";
import { FRESHNESS, freshBackups } from "./freshness";

/** AWS Backup. Backups that stopped in silence are the ones that hurt: freshness is watched, not only failures. */

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

export const backup: readonly Alert[] = [
  {
    ...FRESHNESS,
    name: "backup-old",
    part: "backup",
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
    cloudwatch: freshBackups({ scope: "vault", namespace: "AWS/Backup", metric: "NumberOfBackupJobsCompleted" }),
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
];
