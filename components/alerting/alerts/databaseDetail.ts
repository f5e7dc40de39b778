import { type Alert, type CloudWatchRule, fixed } from "../alert";

/** The disk under PostgreSQL and the age of its transactions: what goes wrong before anybody notices it from outside. */

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
  prometheus: {
    value: (of) => `max by (namespace, datname) (${of("pg_database_xid_age")})`,
    comparison: ">",
    always: ["pg_database_xid_age"],
  },
});

export const databaseDetail: readonly Alert[] = [
  latencyAlert("database-read-latency", "ReadLatency", "read"),
  latencyAlert("database-write-latency", "WriteLatency", "write"),
  balanceAlert("database-disk-credits", "EBSIOBalance%", "I/O"),
  balanceAlert("database-throughput-credits", "EBSByteBalance%", "throughput"),
  transactionIds("database-transaction-ids", 300e6, "warning", "above 300 million"),
  transactionIds("database-transaction-ids-critical", 1e9, "critical", "above 1 billion"),
];
