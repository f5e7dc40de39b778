import { type Alert, fixed } from "../alert";
import { FRESHNESS, MAX_AGE } from "./freshness";

/** WAL archive and base backups of PostgreSQL in the cluster: what a restore to a point in time is made of. */

export const archive: readonly Alert[] = [
  {
    ...FRESHNESS,
    name: "base-backup-old",
    part: "archive",
    signal: "base backups that succeeded",
    runbook: {
      means: "A restore would have to read more than a day of WAL, or there is no backup at all.",
      look: ["`kubectl get backup,scheduledbackup -n <namespace>`; the log of the container plugin-barman-cloud."],
      act: ["`kubectl cnpg backup <cluster> --method=plugin --plugin-name=barman-cloud.cloudnative-pg.io`."],
    },
    prometheus: {
      value: (of) => `time() - ${of("pg_base_backup_timestamp")}`,
      comparison: ">",
      measured: MAX_AGE,
      forMinutes: 30,
      always: ["pg_base_backup_timestamp"],
    },
  },
  {
    name: "base-backup-failed",
    part: "archive",
    signal: "base backups that failed",
    threshold: fixed(0),
    limit: "the last one failed",
    unit: "seconds that the last failure is newer",
    forMinutes: 0,
    severity: "warning",
    source: "S0-31, C-39",
    runbook: {
      means: "A base backup failed; base-backup-old follows when none succeeds.",
      look: ["`kubectl describe backup -n <namespace>`: the message of the newest one."],
      act: ["Credentials, bucket, space: mend it and take a backup as in base-backup-old."],
    },
    prometheus: {
      value: (of) => `${of("pg_base_backup_failure_timestamp")} - ${of("pg_base_backup_timestamp")}`,
      comparison: ">",
      always: ["pg_base_backup_failure_timestamp"],
    },
  },
  {
    name: "wal-archiving-failed",
    part: "archive",
    signal: "whether WAL reaches the archive",
    threshold: fixed(0),
    limit: "the last attempt failed, for 10 minutes",
    unit: "seconds that the last failure is newer",
    forMinutes: 10,
    severity: "critical",
    source: "S0-31; PostgreSQL documentation, pg_stat_archiver",
    runbook: {
      means: "Changes are not in the archive: a restore would end before them, and WAL fills its volume.",
      look: ["`SELECT * FROM pg_stat_archiver`; the log of the container plugin-barman-cloud."],
      act: ["Bucket or credentials: mend them; PostgreSQL tries again every minute and loses nothing meanwhile."],
    },
    prometheus: {
      value: (of) => `${of("pg_stat_archiver_last_failed_time")} - ${of("pg_stat_archiver_last_archived_time")}`,
      comparison: ">",
      always: ["pg_stat_archiver_last_failed_time", "pg_stat_archiver_last_archived_time"],
    },
  },
  {
    name: "wal-archive-backlog",
    part: "archive",
    signal: "WAL files that wait for the archive",
    threshold: fixed(10),
    limit: "more than 10 for 10 minutes",
    unit: "files",
    forMinutes: 10,
    severity: "warning",
    source: "ours: 10 files are 160 MiB, which a bucket takes in seconds",
    runbook: {
      means: "WAL is written faster than it is archived.",
      look: ["`wal-archiving-failed`; a bulk load; the network to the bucket."],
      act: ["Wait for a bulk load to end; otherwise more `maxParallel` in the ObjectStore's wal."],
    },
    prometheus: { value: (of) => of("pg_wal_ready_files"), comparison: ">", always: ["pg_wal_ready_files"] },
  },
];
