/**
 * Questions that the exporter of CloudNativePG asks beside its own (config/manager/default-monitoring.yaml of the operator). A column
 * `column` of the query `query` becomes the metric `cnpg_<query>_<column>`. The exporter's role may read statistics and no table.
 */

type Usage = "LABEL" | "GAUGE" | "COUNTER";

interface Query {
  readonly query: string;
  /** Only where the writer runs: what a standby would answer is old, or an error. */
  readonly primary?: true;
  /** Databases in which it is asked. Default: the one that the server was made with. */
  readonly target_databases?: readonly string[];
  readonly metrics: readonly Readonly<Record<string, { readonly usage: Usage; readonly description: string }>>[];
}

const label = (name: string, description: string) => ({ [name]: { usage: "LABEL", description } as const });
const gauge = (name: string, description: string) => ({ [name]: { usage: "GAUGE", description } as const });
const counter = (name: string, description: string) => ({ [name]: { usage: "COUNTER", description } as const });

const lines = (...text: readonly string[]): string => text.join("\n");

/** Statements of clients; a dump reads for long because it reads everything. */
const WORKING = "backend_type = 'client backend' AND state = 'active' AND application_name <> 'pg_dump'";

/** The three documented metrics (S4-37 to S4-39), the first as it stands there: with the server's own processes (C-35). */
const documented: Query = {
  query: lines(
    "SELECT pg_catalog.count(*) AS connections",
    `  , pg_catalog.count(*) FILTER (WHERE ${WORKING} AND pg_catalog.now() - query_start > interval '5 seconds') AS slow_queries`,
    `  , COALESCE(EXTRACT(EPOCH FROM pg_catalog.max(pg_catalog.now() - query_start) FILTER (WHERE ${WORKING})), 0) AS longest_query_seconds`,
    "FROM pg_catalog.pg_stat_activity",
  ),
  metrics: [
    gauge("connections", "Sessions and processes of the server (S4-37)"),
    gauge("slow_queries", "Statements that have been running for more than 5 seconds (S4-38)"),
    gauge("longest_query_seconds", "Time that the longest statement has been running (S3-39)"),
  ],
};

/** No row while nothing has been read: an idle database has no ratio (C-35). */
const cacheHitRatio: Query = {
  query: lines(
    "SELECT pg_catalog.current_database() AS datname, share AS hit_ratio",
    "FROM (",
    "  SELECT pg_catalog.sum(heap_blks_hit) / NULLIF(pg_catalog.sum(heap_blks_hit) + pg_catalog.sum(heap_blks_read), 0) AS share",
    "  FROM pg_catalog.pg_statio_user_tables",
    ") AS ratio",
    "WHERE share IS NOT NULL",
  ),
  metrics: [
    label("datname", "Name of the database"),
    gauge("hit_ratio", "Share of the reads of tables that memory answered (S4-39)"),
  ],
};

/** Largest tables of a database that are told one by one: each is a series of its own. */
const LARGEST_TABLES = 50;

/** Sizes and use of the tables and of their indexes (S3-35, S3-36), and the rows that vacuum has not cleaned up. */
const tables: Query = {
  query: lines(
    "SELECT pg_catalog.current_database() AS datname, schemaname, relname, n_live_tup, n_dead_tup",
    "  , pg_catalog.pg_total_relation_size(relid) AS total_bytes",
    "  , COALESCE(seq_scan, 0) AS seq_scan, COALESCE(idx_scan, 0) AS idx_scan",
    "FROM pg_catalog.pg_stat_user_tables",
    `ORDER BY total_bytes DESC LIMIT ${LARGEST_TABLES}`,
  ),
  primary: true,
  metrics: [
    label("datname", "Name of the database"),
    label("schemaname", "Name of the schema"),
    label("relname", "Name of the table"),
    gauge("n_live_tup", "Rows, as the statistics estimate them"),
    gauge("n_dead_tup", "Rows that are deleted and not yet cleaned up"),
    gauge("total_bytes", "Size of the table with its indexes (S3-35)"),
    counter("seq_scan", "Reads of the whole table"),
    counter("idx_scan", "Reads by an index (S3-36)"),
  ],
};

/** What each replication slot holds back, and whether it has lost what its reader still needs. */
const slots: Query = {
  query: lines(
    "SELECT slot_name, COALESCE(wal_status, 'unreserved') AS wal_status",
    "  , COALESCE(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn), 0) AS retained_bytes",
    "FROM pg_catalog.pg_replication_slots",
    "WHERE NOT temporary",
  ),
  primary: true,
  metrics: [
    label("slot_name", "Name of the slot"),
    label("wal_status", "reserved, extended, unreserved or lost"),
    gauge("retained_bytes", "WAL that the slot holds back"),
  ],
};

/** Errors of this server's own subscriptions, as a promotion makes them. */
const subscriptions: Query = {
  query:
    "SELECT subname, apply_error_count + sync_error_count AS error_count FROM pg_catalog.pg_stat_subscription_stats",
  primary: true,
  metrics: [label("subname", "Name of the subscription"), counter("error_count", "Errors since it was made")],
};

/** All of them, by name, for these logical databases. */
export const customQueries = (databases: readonly string[]): Readonly<Record<string, Query>> => ({
  postgres: documented,
  postgres_cache: { ...cacheHitRatio, target_databases: databases },
  pg_stat_user_tables: { ...tables, target_databases: databases },
  pg_replication_slots_wal: slots,
  pg_stat_subscription: subscriptions,
});

/** Key of the ConfigMap under which the operator looks for them. */
export const QUERIES_KEY = "queries";

/** As the exporter reads them: YAML, of which JSON is a part. */
export const renderQueries = (databases: readonly string[]): string =>
  JSON.stringify(customQueries(databases), null, 2);
