import { type Alert, fixed } from "../alert";

/** What sessions do to each other and to the tables. */

export const activity: readonly Alert[] = [
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
      value: (of) => `max by (namespace, pod, datname) (${of("pg_stat_activity_max_tx_duration")})`,
      comparison: ">",
      always: ["pg_stat_activity_max_tx_duration"],
    },
  },
  {
    name: "idle-in-transaction",
    part: "database",
    signal: "the longest transaction in which nothing happens",
    threshold: fixed(300),
    limit: "longer than 300 seconds",
    unit: "seconds",
    forMinutes: 0,
    severity: "warning",
    source: "ours: `idle_in_transaction_session_timeout` ends them after 60 seconds, unless somebody turned it off",
    runbook: {
      means: "The application opened a transaction and forgot it: it holds a connection, locks, and vacuum.",
      look: ["`SELECT pid, application_name, query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'`."],
      act: [
        "`SELECT pg_terminate_backend(pid)`; then the code path that opens a transaction and waits for something else.",
      ],
    },
    prometheus: {
      value: (of) =>
        `max by (namespace, pod, datname) (${of("pg_stat_activity_max_tx_duration", 'state=~"idle in transaction.*"')})`,
      comparison: ">",
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
      value: (of) => `60 * sum by (namespace, pod, datname) (rate(${of("pg_stat_database_deadlocks")}[5m]))`,
      comparison: ">",
      always: ["pg_stat_database_deadlocks"],
    },
  },
  {
    name: "rollbacks",
    part: "database",
    signal: "share of transactions that are rolled back",
    threshold: fixed(10),
    limit: "above 10 % for 10 minutes, while there is more than 1 transaction a second",
    unit: "percent",
    forMinutes: 10,
    severity: "warning",
    source: "ours",
    runbook: {
      means: "Many transactions fail: a constraint, a serialization conflict, a timeout, or a broken release.",
      look: ["The log: `ERROR` lines, by their number. Did it begin with a release?"],
      act: ["Undo the release, or mend the statement that fails."],
    },
    prometheus: {
      value: (of) => {
        const perSecond = (metric: string) => `sum by (namespace, pod, datname) (rate(${of(metric)}[10m]))`;
        const [rollbacks, commits] = ["pg_stat_database_xact_rollback", "pg_stat_database_xact_commit"].map(perSecond);
        return `100 * ${rollbacks} / (${rollbacks} + ${commits} > 1)`;
      },
      comparison: ">",
      always: ["pg_stat_database_xact_rollback", "pg_stat_database_xact_commit"],
    },
  },
  {
    name: "dead-rows",
    part: "database",
    signal: "share of a table's rows that are dead",
    threshold: fixed(10),
    limit: "10 % and more for an hour, in tables with more than 10,000 dead rows",
    unit: "percent",
    forMinutes: 60,
    severity: "warning",
    source: "ours; autovacuum cleans up at 20 % by itself, so that an hour above 10 % is no emergency",
    runbook: {
      means: "Vacuum does not keep up with the table: it grows, and its statements become slower.",
      look: [
        "`SELECT relname, n_dead_tup, last_autovacuum FROM pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 10`.",
        "`long-transaction` and `replication-slot-inactive` hold vacuum back.",
      ],
      act: [
        "`VACUUM (VERBOSE) <table>`; for a table that is always so: a lower autovacuum_vacuum_scale_factor of its own.",
      ],
    },
    prometheus: {
      value: (of) => {
        const [dead, live] = ["pg_stat_user_tables_n_dead_tup", "pg_stat_user_tables_n_live_tup"].map(
          (metric) => `max by (namespace, datname, schemaname, relname) (${of(metric)})`,
        );
        return `100 * (${dead} > 10000) / (${dead} + ${live})`;
      },
      comparison: ">=",
      sometimes: "a database without tables of its own has none",
    },
  },
];
