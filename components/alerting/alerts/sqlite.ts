import { type Alert, fixed } from "../alert";

/** SQLite with Litestream, on the small-team tier. Metrics are Litestream's own (0.5). */

const ACT = ["Mend it, then prove a restore: `npm run ladder -- backup --help`."];

export const sqlite: readonly Alert[] = [
  {
    name: "litestream-errors",
    part: "sqlite",
    signal: "errors of the SQLite replication",
    threshold: fixed(0),
    limit: "any within 10 minutes",
    unit: "errors",
    forMinutes: 0,
    severity: "critical",
    source: "S0-08; Litestream's own metric",
    runbook: {
      means: "Changes of the SQLite database do not reach the backup.",
      look: ["Litestream's log in the pod: credentials, bucket, a full disk."],
      act: ACT,
    },
    prometheus: {
      value: (of) => `increase(${of("litestream_sync_error_count")}[10m])`,
      comparison: ">",
      always: ["litestream_sync_error_count"],
    },
  },
  {
    name: "litestream-replica-errors",
    part: "sqlite",
    signal: "errors of the bucket that Litestream writes to",
    threshold: fixed(0),
    limit: "some for 10 minutes: single ones are tried again",
    unit: "errors a second",
    forMinutes: 10,
    severity: "warning",
    source: "S0-08; Litestream's own metric",
    runbook: {
      means: "The bucket refuses or does not answer; changes wait on the volume.",
      look: ["The labels operation and code: 403 is a right, 404 a bucket, 5xx the service."],
      act: ACT,
    },
    prometheus: {
      value: (of) => `sum by (namespace, pod) (rate(${of("litestream_replica_operation_errors_total")}[5m]))`,
      comparison: ">",
      sometimes: "Litestream counts a kind of error from its first one on",
    },
  },
  {
    name: "litestream-behind",
    part: "sqlite",
    signal: "changes of SQLite while nothing is stored in the bucket",
    threshold: fixed(0),
    limit: "any for 15 minutes",
    unit: "bytes",
    forMinutes: 15,
    severity: "critical",
    source: "S0-08: continuous; Litestream stores every second by its default",
    runbook: {
      means: "The database is written, and its copy stands still: a lost volume would lose what came since.",
      look: ["Litestream's log in the pod; `litestream-disk-full`."],
      act: ["Restart the pod when the log shows nothing.", ...ACT],
    },
    prometheus: {
      value: (of) => `max by (namespace, pod) (increase(${of("litestream_total_wal_bytes")}[10m]))`,
      comparison: ">",
      // Litestream counts from the first object on: a bucket that never took one has no such metric.
      when: (of) =>
        `unless on (namespace, pod) sum by (namespace, pod) (increase(${of("litestream_replica_operation_total", 'operation="PUT"')}[10m])) > 0`,
      always: ["litestream_total_wal_bytes"],
    },
  },
  {
    name: "litestream-compaction-errors",
    part: "sqlite",
    signal: "compacted files of the copy that do not hold together",
    threshold: fixed(0),
    limit: "any within an hour",
    unit: "files",
    forMinutes: 0,
    severity: "critical",
    source: "S0-08; Litestream's own metric",
    runbook: {
      means: "A part of the copy may not be restored.",
      look: ["Litestream's log: which level, which file."],
      act: [
        "Take an online backup now, then let Litestream begin a new copy: `litestream reset` and a restart.",
        ...ACT,
      ],
    },
    prometheus: {
      value: (of) => `max by (namespace, pod) (increase(${of("litestream_compaction_verify_error_count")}[1h]))`,
      comparison: ">",
      always: ["litestream_compaction_verify_error_count"],
    },
  },
  {
    name: "litestream-disk-full",
    part: "sqlite",
    signal: "whether Litestream waits because the volume is full",
    threshold: fixed(0),
    limit: "for 1 minute",
    unit: "1 when it waits",
    forMinutes: 1,
    severity: "critical",
    source: "S0-08; Litestream's own metric",
    runbook: {
      means: "The volume is full: the copy stands still, and the application soon cannot write.",
      look: ["`volume-space-low`; how large the WAL file beside the database is."],
      act: ["Grow the volume."],
    },
    prometheus: {
      value: (of) => `max by (namespace, pod) (${of("litestream_disk_full")})`,
      comparison: ">",
      always: ["litestream_disk_full"],
    },
  },
];
