import {
  changed,
  DEFAULT_PARTITION,
  growing,
  type RuleCase,
  series,
  session,
  steady,
  TABLE,
  type Values,
} from "./ruleSeries";

/** PostgreSQL: each alert just past its threshold, and just before it. */

const RECOVERY = series("cnpg_pg_replication_in_recovery", { pod: "pg-1" });
const UP = ["pg-1", "pg-2", "pg-3"].map((pod) => series("cnpg_collector_up", { pod }));
const [UP_1 = "", UP_2 = "", UP_3 = ""] = UP;
const ACTIVE = series("cnpg_backends_total", session("active"));
const IDLE = series("cnpg_backends_total", session("idle"));
const AIBASE = { pod: "pg-1", datname: "aibase" };
const POSTGRES = { pod: "pg-1", container: "postgres" };
const DEAD = series("cnpg_pg_stat_user_tables_n_dead_tup", TABLE);
const LIVE = series("cnpg_pg_stat_user_tables_n_live_tup", TABLE);
const { pod: _, ...TABLE_LABELS } = TABLE;

/** There, away for so many samples, and there again. */
const gap = (before: number, samples: number): string => `0+0x${before - 1} stale _x${samples - 1} 0+0x400`;
const sizes = (bytesADay: number): Readonly<Record<string, Values>> =>
  Object.fromEntries(
    ["pg-1", "pg-2", "pg-3"].map((pod) => [
      series("cnpg_pg_database_size_bytes", { ...AIBASE, pod }),
      growing(bytesADay / 86_400, 5e9),
    ]),
  );
const ages = (age: number): Readonly<Record<string, Values>> => ({
  [series("cnpg_pg_database_xid_age", AIBASE)]: steady(age),
});
const transaction = (state: string) => series("cnpg_backends_max_tx_duration_seconds", session(state));

export const DATABASE_CASES: readonly RuleCase[] = [
  {
    alert: "availability-fast-burn",
    step: 30,
    // 59 seconds of an hour are left at 98.36 %; the second one takes it below 98.56 %.
    firing: { [RECOVERY]: gap(60, 2) },
    at: 60,
    labels: {},
    quiet: { [RECOVERY]: gap(60, 1) },
  },
  {
    alert: "availability-steady-burn",
    firing: { [RECOVERY]: gap(100, 3) },
    at: 360,
    labels: {},
    quiet: { [RECOVERY]: gap(100, 2) },
  },
  {
    alert: "availability-slow-burn",
    step: 3600,
    firing: { [RECOVERY]: gap(20, 1) },
    at: 72 * 60,
    labels: {},
    quiet: { [UP_2]: steady(0) },
  },
  {
    alert: "database-down",
    firing: { [UP_2]: steady(0) },
    at: 1,
    notYet: 0,
    labels: { pod: "pg-2" },
    quiet: { [UP_2]: changed(0, 1, 1) },
  },
  {
    alert: "database-down",
    firing: { [UP_1]: undefined, [UP_2]: undefined, [UP_3]: undefined },
    at: 1,
    notYet: 0,
    labels: {},
    quiet: { [UP_2]: undefined, [UP_3]: undefined },
  },
  {
    alert: "database-without-primary",
    firing: { [RECOVERY]: steady(1) },
    at: 2,
    notYet: 1,
    labels: {},
    quiet: { [RECOVERY]: changed(1, 2, 0) },
  },
  {
    alert: "database-instance-missing",
    firing: { [UP_3]: undefined },
    at: 15,
    notYet: 14,
    labels: {},
    quiet: { [UP_3]: changed(0, 15, 1) },
  },
  {
    alert: "database-connections-high",
    firing: { [IDLE]: steady(160) },
    at: 10,
    notYet: 9,
    labels: { pod: "pg-1" },
    // With the one that is active: 160 of 200.
    quiet: { [IDLE]: steady(159) },
  },
  {
    alert: "database-connections-exhausted",
    firing: { [IDLE]: steady(196) },
    at: 1,
    notYet: 0,
    labels: { pod: "pg-1" },
    quiet: { [IDLE]: steady(195) },
  },
  {
    alert: "database-memory-high",
    firing: { [series("container_memory_rss", POSTGRES)]: steady(4.5e9) },
    at: 15,
    notYet: 14,
    labels: { pod: "pg-1" },
    quiet: { [series("container_memory_rss", POSTGRES)]: steady(4.4e9) },
  },
  {
    alert: "database-cpu-high",
    firing: { [series("container_cpu_usage_seconds_total", POSTGRES)]: growing(1.9) },
    at: 20,
    notYet: 5,
    labels: { pod: "pg-1" },
    quiet: { [series("container_cpu_usage_seconds_total", POSTGRES)]: growing(1.7) },
  },
  {
    alert: "database-load-high",
    firing: { [ACTIVE]: steady(3) },
    at: 15,
    notYet: 14,
    labels: { pod: "pg-1" },
    quiet: { [ACTIVE]: steady(2) },
  },
  {
    alert: "database-growth",
    step: 3600,
    firing: sizes(0.4e9),
    at: 7 * 24 * 60,
    labels: {},
    quiet: sizes(0.3e9),
  },
  {
    alert: "database-transaction-ids",
    firing: ages(300e6 + 1),
    at: 5,
    notYet: 4,
    labels: { datname: "aibase" },
    quiet: ages(300e6),
  },
  {
    alert: "database-transaction-ids-critical",
    firing: ages(1e9 + 1),
    at: 5,
    notYet: 4,
    labels: { datname: "aibase" },
    quiet: ages(1e9),
  },
  {
    alert: "long-transaction",
    firing: { [transaction("active")]: steady(301) },
    at: 1,
    labels: AIBASE,
    quiet: { [transaction("active")]: steady(300) },
  },
  {
    alert: "idle-in-transaction",
    firing: { [transaction("idle in transaction")]: steady(301) },
    at: 1,
    labels: AIBASE,
    quiet: { [transaction("idle in transaction")]: steady(300), [transaction("active")]: steady(900) },
  },
  {
    alert: "deadlocks",
    firing: { [series("cnpg_pg_stat_database_deadlocks", AIBASE)]: growing(0.1) },
    at: 10,
    notYet: 4,
    labels: AIBASE,
    quiet: { [series("cnpg_pg_stat_database_deadlocks", AIBASE)]: growing(0.08) },
  },
  {
    alert: "rollbacks",
    firing: { [series("cnpg_pg_stat_database_xact_rollback", AIBASE)]: growing(1.2) },
    at: 20,
    notYet: 9,
    labels: AIBASE,
    quiet: { [series("cnpg_pg_stat_database_xact_rollback", AIBASE)]: growing(1) },
  },
  {
    alert: "rollbacks",
    firing: { [series("cnpg_pg_stat_database_xact_rollback", AIBASE)]: growing(20) },
    at: 20,
    notYet: 9,
    labels: AIBASE,
    // Half of nearly nothing.
    quiet: {
      [series("cnpg_pg_stat_database_xact_rollback", AIBASE)]: growing(0.2),
      [series("cnpg_pg_stat_database_xact_commit", AIBASE)]: growing(0.2),
    },
  },
  {
    alert: "dead-rows",
    firing: { [DEAD]: steady(20_000), [LIVE]: steady(180_000) },
    at: 60,
    notYet: 59,
    labels: TABLE_LABELS,
    quiet: { [DEAD]: steady(20_000), [LIVE]: steady(190_000) },
  },
  {
    alert: "dead-rows",
    firing: { [DEAD]: steady(10_001), [LIVE]: steady(10) },
    at: 60,
    notYet: 59,
    labels: TABLE_LABELS,
    // All of a small table.
    quiet: { [DEAD]: steady(10_000), [LIVE]: steady(10) },
  },
  {
    alert: "rows-in-default-partition",
    firing: { [series("cnpg_ladder_default_partition_rows", DEFAULT_PARTITION)]: steady(1) },
    at: 15,
    notYet: 14,
    labels: { datname: "circle", relname: "posts_default" },
    // The job moved them within the time.
    quiet: { [series("cnpg_ladder_default_partition_rows", DEFAULT_PARTITION)]: changed(1, 10, 0) },
  },
  {
    alert: "slow-query",
    firing: { [series("cnpg_postgres_longest_query_seconds", { pod: "pg-1" })]: steady(1.1) },
    at: 1,
    labels: { pod: "pg-1" },
    quiet: { [series("cnpg_postgres_longest_query_seconds", { pod: "pg-1" })]: steady(1) },
  },
  {
    alert: "very-slow-query",
    firing: { [series("cnpg_postgres_slow_queries", { pod: "pg-1" })]: steady(1) },
    at: 1,
    labels: { pod: "pg-1" },
    quiet: { [series("cnpg_postgres_longest_query_seconds", { pod: "pg-1" })]: steady(4.9) },
  },
  {
    alert: "cache-hit-ratio-low",
    firing: { [series("cnpg_postgres_cache_hit_ratio", AIBASE)]: steady(0.97) },
    at: 20,
    notYet: 14,
    labels: AIBASE,
    quiet: { [series("cnpg_postgres_cache_hit_ratio", AIBASE)]: steady(0.98) },
  },
  {
    alert: "cache-hit-ratio-low",
    firing: { [series("cnpg_postgres_cache_hit_ratio", AIBASE)]: steady(0.5) },
    at: 20,
    notYet: 14,
    labels: AIBASE,
    // A database at rest.
    quiet: {
      [series("cnpg_postgres_cache_hit_ratio", AIBASE)]: steady(0.5),
      [series("cnpg_pg_stat_database_blks_hit", AIBASE)]: growing(5),
    },
  },
  ...(["replica-lag", "replica-lag-critical"] as const).map((alert, index): RuleCase => {
    const limit = [30, 300][index] ?? 0;
    const lag = (pod: string) => series("cnpg_pg_replication_lag", { pod });
    return {
      alert,
      firing: { [lag("pg-2")]: steady(limit + 1) },
      at: 5,
      notYet: 4,
      labels: { pod: "pg-2" },
      // A primary is behind nobody.
      quiet: { [lag("pg-2")]: steady(limit), [lag("pg-1")]: steady(limit + 1) },
    };
  }),
  {
    alert: "pooler-clients-waiting",
    firing: {
      [series("cnpg_pgbouncer_pools_cl_waiting", { pod: "pg-pooler-x", database: "aibase", user: "aibase" })]:
        steady(1),
    },
    at: 2,
    notYet: 1,
    labels: { pod: "pg-pooler-x", database: "aibase" },
    quiet: {
      [series("cnpg_pgbouncer_pools_cl_waiting", { pod: "pg-pooler-x", database: "aibase", user: "aibase" })]: changed(
        1,
        2,
        0,
      ),
    },
  },
];
