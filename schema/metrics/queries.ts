import { counter, DATABASE, gauge, label, lines, type MetricQuery, whereThere } from "./query";

/**
 * The metrics of PostgreSQL, each question written once: CloudNativePG asks them in a cluster, postgres_exporter elsewhere, `ladder
 * status` at once. They read statistics and no table, but for the users, whom only somebody may count who may read that table.
 */

/** Statements of clients; a dump reads for long because it reads everything. */
const WORKING = "backend_type = 'client backend' AND state = 'active' AND application_name <> 'pg_dump'";

/** The documented metrics of sessions (S4-37, S4-38), the first as it stands there: with the server's own processes (C-35). */
export const documented: MetricQuery = {
  query: lines(
    "SELECT pg_catalog.count(*) AS connections",
    `  , pg_catalog.count(*) FILTER (WHERE ${WORKING} AND pg_catalog.now() - query_start > interval '5 seconds') AS slow_queries`,
    // now() is when the transaction began: what began later has not run at all yet.
    `  , GREATEST(EXTRACT(EPOCH FROM pg_catalog.max(pg_catalog.now() - query_start) FILTER (WHERE ${WORKING})), 0) AS longest_query_seconds`,
    "FROM pg_catalog.pg_stat_activity",
  ),
  of: "server",
  metrics: [
    gauge("connections", "Sessions and processes of the server (S4-37)"),
    gauge("slow_queries", "Statements that have been running for more than 5 seconds (S4-38)"),
    gauge("longest_query_seconds", "Time that the longest statement has been running (S3-39)"),
  ],
};

/** No row while nothing has been read: an idle database has no ratio (C-35). */
export const cacheHitRatio: MetricQuery = {
  query: lines(
    "SELECT pg_catalog.current_database() AS datname, share AS hit_ratio",
    "FROM (",
    "  SELECT pg_catalog.sum(heap_blks_hit) / NULLIF(pg_catalog.sum(heap_blks_hit) + pg_catalog.sum(heap_blks_read), 0) AS share",
    "  FROM pg_catalog.pg_statio_user_tables",
    ") AS ratio",
    "WHERE share IS NOT NULL",
  ),
  of: "database",
  metrics: [DATABASE, gauge("hit_ratio", "Share of the reads of tables that memory answered (S4-39)")],
};

/** Largest tables, and largest indexes, of a database that are told one by one: each is a series of its own. */
export const LARGEST = 50;

/** Sizes and use of the tables and of their indexes (S3-35, S3-36), and the rows that vacuum has not cleaned up. */
export const tables: MetricQuery = {
  query: lines(
    "SELECT pg_catalog.current_database() AS datname, schemaname, relname, n_live_tup, n_dead_tup",
    "  , pg_catalog.pg_total_relation_size(relid) AS total_bytes",
    "  , COALESCE(seq_scan, 0) AS seq_scan, COALESCE(idx_scan, 0) AS idx_scan",
    "FROM pg_catalog.pg_stat_user_tables",
    `ORDER BY total_bytes DESC LIMIT ${LARGEST}`,
  ),
  of: "database",
  primary: true,
  metrics: [
    DATABASE,
    label("schemaname", "Name of the schema"),
    label("relname", "Name of the table"),
    gauge("n_live_tup", "Rows, as the statistics estimate them"),
    gauge("n_dead_tup", "Rows that are deleted and not yet cleaned up"),
    gauge("total_bytes", "Size of the table with its indexes (S3-35)"),
    counter("seq_scan", "Reads of the whole table"),
    counter("idx_scan", "Reads by an index (S3-36)"),
  ],
};

/** How often each index is used, and what it costs (S3-36). One that is never used costs at every write. */
export const indexes: MetricQuery = {
  query: lines(
    "SELECT pg_catalog.current_database() AS datname, schemaname, relname, indexrelname, indisunique::text AS is_unique",
    "  , idx_scan AS scans, pg_catalog.pg_relation_size(indexrelid) AS bytes",
    "FROM pg_catalog.pg_stat_user_indexes JOIN pg_catalog.pg_index USING (indexrelid)",
    `ORDER BY bytes DESC LIMIT ${LARGEST}`,
  ),
  of: "database",
  primary: true,
  metrics: [
    DATABASE,
    label("schemaname", "Name of the schema"),
    label("relname", "Name of the table"),
    label("indexrelname", "Name of the index"),
    label("is_unique", "true where it is needed even when nobody reads by it"),
    counter("scans", "Reads that used the index (S3-36)"),
    gauge("bytes", "Size of the index"),
  ],
};

/**
 * Rows that no partition was there for (C-15). They are found by the catalogue, not by a name, and counted as the statistics do: after
 * a crash of the server they are unknown until the next ANALYZE.
 */
export const defaultPartitions: MetricQuery = {
  query: lines(
    "SELECT pg_catalog.current_database() AS datname, schemaname, relname, n_live_tup AS rows",
    "FROM pg_catalog.pg_partitioned_table",
    "JOIN pg_catalog.pg_stat_user_tables ON relid = partdefid",
  ),
  of: "database",
  primary: true,
  metrics: [
    DATABASE,
    label("schemaname", "Name of the schema"),
    label("relname", "Name of the default partition"),
    gauge("rows", "Rows in a default partition, which should hold none (C-15)"),
  ],
};

/** How far the server's own WAL is; a standby, which may have readers of its own, has only what it applied. */
const WAL =
  "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END";

/** What each replication slot holds back, and whether it has lost what its reader still needs. */
export const slots: MetricQuery = {
  query: lines(
    "SELECT slot_name, COALESCE(wal_status, 'unreserved') AS wal_status",
    `  , COALESCE(pg_catalog.pg_wal_lsn_diff(${WAL}, restart_lsn), 0) AS retained_bytes`,
    "FROM pg_catalog.pg_replication_slots",
    "WHERE NOT temporary",
  ),
  of: "server",
  primary: true,
  metrics: [
    label("slot_name", "Name of the slot"),
    label("wal_status", "reserved, extended, unreserved or lost"),
    gauge("retained_bytes", "WAL that the slot holds back"),
  ],
};

/** How far each standby and each subscriber is behind. Without a lag in seconds it has nothing left to read. */
export const followers: MetricQuery = {
  query: lines(
    "SELECT pid::text AS pid, application_name",
    `  , COALESCE(pg_catalog.pg_wal_lsn_diff(${WAL}, replay_lsn), 0) AS lag_bytes`,
    "  , COALESCE(EXTRACT(EPOCH FROM replay_lag), 0) AS lag_seconds",
    "FROM pg_catalog.pg_stat_replication",
  ),
  of: "server",
  primary: true,
  metrics: [
    label("pid", "Process that sends to it"),
    label("application_name", "As it calls itself"),
    gauge("lag_bytes", "WAL that it has not applied yet"),
    gauge("lag_seconds", "Age of what it applied last"),
  ],
};

/** Errors of this server's own subscriptions, as a promotion makes them. */
export const subscriptions: MetricQuery = {
  query:
    "SELECT subname, apply_error_count + sync_error_count AS error_count FROM pg_catalog.pg_stat_subscription_stats",
  of: "server",
  primary: true,
  metrics: [label("subname", "Name of the subscription"), counter("error_count", "Errors since it was made")],
};

/** Sessions of clients against those that they may have (S3-33, S3-38): without the server's own processes and the reserve. */
export const clients: MetricQuery = {
  query: lines(
    "SELECT connections, available, connections / available AS utilisation",
    "FROM (",
    "  SELECT pg_catalog.count(*) FILTER (WHERE backend_type = 'client backend')::double precision AS connections",
    "  FROM pg_catalog.pg_stat_activity",
    ") AS sessions",
    "CROSS JOIN (",
    "  SELECT pg_catalog.current_setting('max_connections')::double precision",
    "    - pg_catalog.current_setting('superuser_reserved_connections')::double precision AS available",
    ") AS settings",
  ),
  of: "server",
  metrics: [
    gauge("connections", "Sessions of clients"),
    gauge("available", "Sessions that clients can have: max_connections without the reserve of superusers"),
    gauge("utilisation", "The one by the other (S3-33)"),
  ],
};

/** Time that statements took (S3-34): the mean is the growth of the seconds by the growth of the calls. */
export const statements: MetricQuery = {
  query: whereThere({
    relation: "pg_stat_statements",
    // Known to the server only when it was started with it; to ask it otherwise is an error.
    when: "EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'pg_stat_statements.max')",
    select:
      "SELECT COALESCE(sum(calls), 0) AS calls, COALESCE(sum(total_exec_time), 0) / 1000 AS seconds FROM public.pg_stat_statements WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
    columns: "calls double precision, seconds double precision",
  }),
  of: "database",
  primary: true,
  metrics: [
    DATABASE,
    counter("calls", "Statements that were executed"),
    counter("seconds", "Time that their execution took (S3-34)"),
  ],
};

/** The number that drives the choice of a tier (S4-41), in the databases that have users. Any column of them will do. */
export const users: MetricQuery = {
  query: whereThere({
    relation: "users",
    select: "SELECT count(*) AS users FROM public.users",
    columns: "users bigint",
  }),
  of: "database",
  primary: true,
  metrics: [DATABASE, gauge("users", "Rows of the table users (S4-41)")],
};
