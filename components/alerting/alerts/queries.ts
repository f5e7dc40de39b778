import { type Alert, type CloudWatchRule, fixed } from "../alert";
import { LOG_METRICS } from "../logMetrics";

/** Slow statements and errors, as the database's own log tells them (S3-39, S4-38, C-35). */

const counted = (metric: string, periods = 1): readonly CloudWatchRule[] => [
  {
    scope: "logs",
    metric,
    statistic: "Sum",
    periodSeconds: 300,
    periods,
    comparison: ">",
    missing: "notBreaching",
  },
];

export const queries: readonly Alert[] = [
  {
    name: "slow-query",
    part: "queries",
    signal: "statements that took longer than 1 second",
    threshold: fixed(0),
    limit: "any within 5 minutes",
    unit: "statements",
    forMinutes: 0,
    severity: "warning",
    source: "S3-39, C-35",
    runbook: {
      means:
        "At least one statement took longer than a second; the log holds it (`log_min_duration_statement = 1000`).",
      look: [
        "Log group /aws/rds/instance/…/postgresql: search for «duration:».",
        "The same statement again and again, or everything at once? Then see database-cpu-high.",
      ],
      act: ["`EXPLAIN (ANALYZE, BUFFERS)` it; add the index.", "Move reports to a replica (S3-25)."],
    },
    cloudwatch: counted(LOG_METRICS.slow),
    prometheus: {
      // The longest one that runs now; the log holds those that ended.
      value: (of) => `max by (namespace, pod) (${of("postgres_longest_query_seconds")})`,
      comparison: ">",
      measured: { threshold: fixed(1), unit: "seconds" },
      always: ["postgres_longest_query_seconds"],
    },
  },
  {
    name: "very-slow-query",
    part: "queries",
    signal: "statements that took longer than 5 seconds",
    threshold: fixed(0),
    limit: "any within 5 minutes",
    unit: "statements",
    forMinutes: 0,
    severity: "critical",
    source: "S4-38, C-35",
    runbook: {
      means: "A statement took longer than five seconds: users wait or have given up.",
      look: [
        "As for slow-query; then `pg_blocking_pids(pid)` for statements that run now: a lock looks like slowness.",
      ],
      act: ["End it (`SELECT pg_cancel_backend(pid)`), then cure it as in slow-query."],
    },
    cloudwatch: counted(LOG_METRICS.verySlow),
    prometheus: {
      value: (of) => `sum by (namespace, pod) (${of("postgres_slow_queries")})`,
      comparison: ">",
      always: ["postgres_slow_queries"],
    },
  },
  {
    name: "cache-hit-ratio-low",
    part: "queries",
    signal: "share of table reads that memory answers",
    threshold: fixed(0.98),
    limit: "below 98 % for 15 minutes, while there are reads",
    unit: "share",
    forMinutes: 15,
    severity: "warning",
    source: "S4-39, C-35; the figure is postgres_exporter's own (PostgreSQLCacheHitRatio)",
    runbook: {
      means: "The data that is used does not fit into memory.",
      look: ["Which tables are read in full: `pg_stat_user_tables.seq_tup_read`."],
      act: ["An index for it, or an instance with more memory."],
    },
    prometheus: {
      value: (of) => `min by (namespace, pod, datname) (${of("postgres_cache_hit_ratio")})`,
      comparison: "<",
      // Idle databases have no ratio; below 10 blocks a second it says nothing.
      when: (of) =>
        `and on (namespace, pod, datname) sum by (namespace, pod, datname) (rate(${of("pg_stat_database_blks_read")}[5m]) + rate(${of("pg_stat_database_blks_hit")}[5m])) > 10`,
      always: ["pg_stat_database_blks_read"],
    },
  },
  {
    name: "database-fatal-errors",
    part: "queries",
    signal: "sessions that the database ended or refused",
    threshold: fixed(10),
    limit: "more than 10 within 5 minutes",
    unit: "log lines",
    forMinutes: 0,
    severity: "warning",
    source: "ours: single ones are people with a wrong password",
    runbook: {
      means: "FATAL: wrong passwords, too many connections, or sessions that were idle in a transaction for too long.",
      look: ["Log group /aws/rds/instance/…/postgresql: search for «FATAL»."],
      act: [
        "Password: did a rotation miss the application? Its Secret must hold the new one.",
        "Idle in transaction: the application leaves transactions open.",
      ],
    },
    cloudwatch: counted(LOG_METRICS.fatal),
  },
  {
    name: "database-panic",
    part: "queries",
    signal: "PANIC in the database's log",
    threshold: fixed(0),
    limit: "any",
    unit: "log lines",
    forMinutes: 0,
    severity: "critical",
    source: "PostgreSQL documentation, message severity levels",
    runbook: {
      means: "PostgreSQL stopped all sessions and recovers: a full disk, or damaged data.",
      look: ["The line itself and those before it; events of the instance."],
      act: ["Full disk: see database-storage-low. Damage: open a support case and restore beside it."],
    },
    cloudwatch: counted(LOG_METRICS.panic),
  },
];
