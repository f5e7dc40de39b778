import { type Alert, type CloudWatchRule, fixed, GIB } from "../alert";

/** What goes wrong inside PostgreSQL and its disk before anybody notices it from outside. */

const RDS = { namespace: "AWS/RDS", missing: "notBreaching" } as const;

const latency = (metric: string): CloudWatchRule => ({
  ...RDS,
  scope: "instance",
  metric,
  statistic: "p90",
  periodSeconds: 60,
  periods: 10,
  comparison: ">",
});

const latencyAlert = (name: string, metric: string, what: string): Alert => ({
  name,
  part: "database",
  signal: `time of a ${what} of the disk`,
  threshold: fixed(0.02),
  limit: "the slowest tenth above 20 ms",
  unit: "seconds",
  forMinutes: 10,
  severity: "warning",
  source: "ours",
  runbook: {
    means: `The disk answers slowly: each ${what} waits.`,
    look: ["`database-disk-credits`.", "IOPS and throughput of the volume against what gp3 gives at its size."],
    act: ["Larger gp3 volumes bring more IOPS.", "Less to read: a missing index, or an instance with more memory."],
  },
  cloudwatch: [latency(metric)],
});

const balanceAlert = (name: string, metric: string, what: string): Alert => ({
  name,
  part: "database",
  signal: `${what} credits of the instance`,
  threshold: fixed(10),
  limit: "below 10 %",
  unit: "percent",
  forMinutes: 15,
  severity: "warning",
  source: "ours; only small instances have such credits (RDS documentation)",
  runbook: {
    means: `The instance soon drops to its base rate of ${what}.`,
    look: ["What reads or writes so much: the statements at the top of the database's insights."],
    act: ["Spread the work over the day, or take a bigger instance: it has no credits to run out of."],
  },
  cloudwatch: [
    { ...RDS, scope: "instance", metric, statistic: "Average", periodSeconds: 300, periods: 3, comparison: "<" },
  ],
});

const transactionIds = (name: string, age: number, severity: Alert["severity"], limit: string): Alert => ({
  name,
  part: "database",
  signal: "age of the oldest transaction id",
  threshold: fixed(age),
  limit,
  unit: "transactions",
  forMinutes: 5,
  severity,
  source: "PostgreSQL documentation, «Preventing Transaction ID Wraparound»; the figures are ours",
  runbook: {
    means: "Vacuum does not freeze old rows. At 2 billion PostgreSQL stops taking writes.",
    look: [
      "`SELECT datname, age(datfrozenxid) FROM pg_database ORDER BY 2 DESC`.",
      "What holds vacuum back: long transactions, prepared transactions, slots that nobody reads.",
    ],
    act: ["End what holds it back, then `VACUUM (FREEZE, VERBOSE)` the oldest tables, one after the other."],
  },
  cloudwatch: [
    {
      ...RDS,
      scope: "primary",
      metric: "MaximumUsedTransactionIDs",
      statistic: "Maximum",
      periodSeconds: 300,
      periods: 1,
      comparison: ">",
    },
  ],
});

export const databaseDetail: readonly Alert[] = [
  latencyAlert("database-read-latency", "ReadLatency", "read"),
  latencyAlert("database-write-latency", "WriteLatency", "write"),
  balanceAlert("database-disk-credits", "EBSIOBalance%", "I/O"),
  balanceAlert("database-throughput-credits", "EBSByteBalance%", "throughput"),
  transactionIds("database-transaction-ids", 300e6, "warning", "above 300 million"),
  transactionIds("database-transaction-ids-critical", 1e9, "critical", "above 1 billion"),
  {
    name: "replication-slot-lag",
    part: "database",
    signal: "WAL that the slowest replication slot keeps",
    threshold: fixed(10 * GIB),
    limit: "above 10 GiB",
    unit: "bytes",
    forMinutes: 15,
    severity: "warning",
    source: "ours; RDS metric OldestReplicationSlotLag",
    runbook: {
      means:
        "A slot is not read: WAL fills the disk, until `max_slot_wal_keep_size` drops the slot and its subscriber.",
      look: ["`SELECT slot_name, active, wal_status, safe_wal_size FROM pg_replication_slots`."],
      act: ["Start its subscriber again, or drop a slot that nobody needs. During a promotion: pause or roll back."],
    },
    cloudwatch: [
      {
        ...RDS,
        scope: "primary",
        metric: "OldestReplicationSlotLag",
        statistic: "Maximum",
        periodSeconds: 300,
        periods: 3,
        comparison: ">",
      },
    ],
    prometheus: {
      expr: (bytes) =>
        `pg_replication_slot_slot_current_wal_lsn - pg_replication_slot_slot_confirmed_flush_lsn > ${bytes}`,
    },
  },
  {
    name: "replication-slot-inactive",
    part: "database",
    signal: "a replication slot that nobody reads",
    threshold: fixed(0),
    limit: "inactive for 30 minutes",
    unit: "slots",
    forMinutes: 30,
    severity: "warning",
    source: "ours, as replication-slot-lag",
    runbook: {
      means: "Its subscriber is away; WAL gathers.",
      look: ["`SELECT slot_name, active, restart_lsn FROM pg_replication_slots WHERE NOT active`."],
      act: ["As for replication-slot-lag."],
    },
    prometheus: { expr: () => "pg_replication_slot_slot_is_active == 0" },
  },
  {
    name: "replication-slot-lost",
    part: "database",
    signal: "a replication slot whose WAL is gone",
    threshold: fixed(0),
    limit: "at once",
    unit: "slots",
    forMinutes: 0,
    severity: "critical",
    source: "PostgreSQL documentation, pg_replication_slots.wal_status",
    runbook: {
      means: "The subscriber cannot catch up any more; it must be copied anew.",
      look: ["Which slot: the label slot_name. Does a promotion use it?"],
      act: ["Drop the slot; begin its copy again."],
    },
    prometheus: { expr: () => 'pg_replication_slot_wal_status{wal_status="lost"} == 1' },
  },
  {
    name: "long-transaction",
    part: "database",
    signal: "the longest transaction",
    threshold: fixed(300),
    limit: "longer than 300 seconds",
    unit: "seconds",
    forMinutes: 0,
    severity: "warning",
    source: "ours: it holds back vacuum and locks",
    runbook: {
      means: "A transaction stays open: rows cannot be cleaned up, and others may wait for its locks.",
      look: [
        "`SELECT pid, state, now() - xact_start AS age, query FROM pg_stat_activity ORDER BY xact_start LIMIT 5`.",
      ],
      act: ["`SELECT pg_cancel_backend(pid)`; when that does not help, `pg_terminate_backend(pid)`."],
    },
    prometheus: {
      expr: (seconds) => `max by (instance, datname, state) (pg_stat_activity_max_tx_duration) > ${seconds}`,
      always: ["pg_stat_activity_max_tx_duration"],
    },
  },
  {
    name: "deadlocks",
    part: "database",
    signal: "deadlocks",
    threshold: fixed(5),
    limit: "more than 5 a minute",
    unit: "deadlocks a minute",
    forMinutes: 5,
    severity: "warning",
    source: "postgres_exporter's own rules (PostgresHasHighDeadLocks)",
    runbook: {
      means: "Transactions take locks in different orders; PostgreSQL ends one of each pair.",
      look: ["The log: each deadlock names both statements."],
      act: ["Take locks in one order; keep transactions short."],
    },
    prometheus: {
      expr: (count) => `60 * sum by (instance, datname) (rate(pg_stat_database_deadlocks[5m])) > ${count}`,
      always: ["pg_stat_database_deadlocks"],
    },
  },
];
