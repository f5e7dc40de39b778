/** What the exporters of a stack that is well tell Prometheus, in the notation of promtool's rule tests. */

import type { ClusterEstate } from "../../components/alerting/prometheus/estate";

export const NAMESPACE = "aibase";

/** Everything that can be watched, so that every rule of the catalogue is rendered. */
export const ESTATE: ClusterEstate = {
  app: { workload: "deployment", port: 3000 },
  database: {
    clusterName: "pg",
    instances: 3,
    poolerName: "pg-pooler",
    archive: true,
    facts: { memoryGiB: 8, vcpus: 2, maxConnections: 200, storageGiB: 100 },
  },
  sqlite: {},
  cache: {},
  files: {},
  dumps: ["aibase", "circle"],
  drills: ["aibase"],
  tierMaxUsers: 100_000,
};

/** Values of a series; some depend on the seconds between two samples. */
export type Values = string | ((stepSeconds: number) => string);
export type SeriesTable = Readonly<Record<string, Values>>;

/** Samples of each series: more than any case needs. */
const SAMPLES = 420;

export const steady = (value: number): string => `${value}+0x${SAMPLES}`;
export const growing =
  (perSecond: number, from = 0): Values =>
  (step) =>
    `${from}${perSecond < 0 ? "" : "+"}${perSecond * step}x${SAMPLES}`;
/** A timestamp that is always now: the clock of the tests begins at 0. */
export const now: Values = growing(1);
/** From so many samples on another value than before. */
export const changed = (before: number, samples: number, after: number): string =>
  `${before}+0x${samples - 1} ${after}+0x${SAMPLES - samples}`;
export const series = (metric: string, labels: Readonly<Record<string, string>> = {}): string =>
  `${metric}{${Object.entries({ namespace: NAMESPACE, ...labels })
    .map(([name, value]) => `${name}="${value}"`)
    .join(",")}}`;

/** The same values for each set of labels. */
const each = (metric: string, sets: readonly Readonly<Record<string, string>>[], values: Values): SeriesTable =>
  Object.fromEntries(sets.map((labels) => [series(metric, labels), values]));

const PODS = ["pg-1", "pg-2", "pg-3"].map((pod) => ({ pod }));
const [PRIMARY = { pod: "pg-1" }] = PODS;
const POSTGRES = PODS.map((pod) => ({ ...pod, container: "postgres" }));
const ofDatabase = PODS.map((pod) => ({ ...pod, datname: "aibase" }));

/** Labels of sessions in a state, as CloudNativePG's exporter has them. */
export const session = (state: string, more: Readonly<Record<string, string>> = {}) => ({
  pod: "pg-1",
  datname: "aibase",
  usename: "aibase",
  application_name: "aibase",
  state,
  ...more,
});
export const setting = (name: string) => ({ pod: "pg-1", name });
export const TABLE = { pod: "pg-1", datname: "aibase", schemaname: "public", relname: "posts" };
export const DEFAULT_PARTITION = { pod: "pg-1", datname: "circle", schemaname: "public", relname: "posts_default" };
export const SLOT = { pod: "pg-1", slot_name: "shop" };
export const BARMAN = "barman_cloud_cloudnative_pg_io";
export const REDIS = { pod: "redis-0" };
export const LITESTREAM = { pod: "aibase-0", db: "/data/aibase.db" };
export const AIBASE = { pod: "aibase-5d8-x", container: "aibase" };
export const VOLUME = { persistentvolumeclaim: "pg-1" };
export const PUT = { pod: "aibase-0", replica_type: "s3", operation: "PUT" };

const postgres: SeriesTable = {
  ...each("cnpg_collector_up", PODS, steady(1)),
  ...each("cnpg_pg_replication_in_recovery", PODS.slice(1), steady(1)),
  [series("cnpg_pg_replication_in_recovery", PRIMARY)]: steady(0),
  ...each("cnpg_pg_replication_lag", PODS, steady(0)),
  [series("cnpg_backends_total", session("active"))]: steady(1),
  [series("cnpg_backends_total", session("idle"))]: steady(20),
  // A standby's own connection is always at work, and is no client.
  [series("cnpg_backends_total", session("active", { usename: "streaming_replica" }))]: steady(50),
  [series("cnpg_backends_max_tx_duration_seconds", session("active"))]: steady(0.2),
  // A dump takes as long as it takes.
  [series("cnpg_backends_max_tx_duration_seconds", session("active", { application_name: "pg_dump" }))]: steady(4000),
  [series("cnpg_backends_max_tx_duration_seconds", session("idle in transaction"))]: steady(1),
  [series("cnpg_pg_settings_setting", setting("max_connections"))]: steady(200),
  [series("cnpg_pg_settings_setting", setting("max_slot_wal_keep_size"))]: steady(10_240),
  ...each("cnpg_pg_stat_database_deadlocks", ofDatabase, steady(3)),
  ...each("cnpg_pg_stat_database_xact_commit", ofDatabase, growing(10)),
  ...each("cnpg_pg_stat_database_xact_rollback", ofDatabase, growing(0.1)),
  ...each("cnpg_pg_stat_database_blks_read", ofDatabase, growing(1)),
  ...each("cnpg_pg_stat_database_blks_hit", ofDatabase, growing(1000)),
  ...each("cnpg_pg_database_size_bytes", ofDatabase, growing(1000, 5e9)),
  ...each("cnpg_pg_database_xid_age", ofDatabase, steady(1e6)),
  [series("cnpg_pg_replication_slots_active", { ...PRIMARY, slot_name: "_cnpg_pg_2" })]: steady(1),
  // The copies of a slot that standbys keep for a failover.
  [series("cnpg_pg_replication_slots_active", { pod: "pg-2", slot_name: "_cnpg_pg_2" })]: steady(0),
  [series("cnpg_pg_replication_slots_wal_retained_bytes", { ...SLOT, wal_status: "reserved" })]: steady(1e6),
  [series("cnpg_pg_stat_user_tables_n_live_tup", TABLE)]: steady(1e6),
  [series("cnpg_pg_stat_user_tables_n_dead_tup", TABLE)]: steady(1000),
  [series("cnpg_ladder_default_partition_rows", DEFAULT_PARTITION)]: steady(0),
  ...each("cnpg_postgres_connections", PODS, steady(28)),
  ...each("cnpg_postgres_slow_queries", PODS, steady(0)),
  ...each("cnpg_postgres_longest_query_seconds", PODS, steady(0.1)),
  ...each("cnpg_postgres_cache_hit_ratio", ofDatabase, steady(0.995)),
  [series("cnpg_pg_stat_archiver_last_archived_time", PRIMARY)]: now,
  [series("cnpg_pg_stat_archiver_last_failed_time", PRIMARY)]: steady(-1),
  ...each(
    "cnpg_collector_pg_wal_archive_status",
    PODS.map((pod) => ({ ...pod, value: "ready" })),
    steady(0),
  ),
  [series(`${BARMAN}_last_available_backup_timestamp`, PRIMARY)]: now,
  [series(`${BARMAN}_last_failed_backup_timestamp`, PRIMARY)]: steady(0),
  ...each("container_memory_rss", POSTGRES, steady(2e9)),
  ...each("container_memory_mapped_file", POSTGRES, steady(2e9)),
  ...each("container_cpu_usage_seconds_total", POSTGRES, growing(0.5)),
  ...each(
    "kube_pod_container_resource_limits",
    POSTGRES.map((c) => ({ ...c, resource: "memory" })),
    steady(8e9),
  ),
  ...each(
    "kube_pod_container_resource_requests",
    POSTGRES.map((c) => ({ ...c, resource: "cpu" })),
    steady(2),
  ),
  [series("cnpg_pgbouncer_pools_cl_waiting", { pod: "pg-pooler-x", database: "aibase", user: "aibase" })]: steady(0),
};

const others: SeriesTable = {
  [series("litestream_sync_error_count", LITESTREAM)]: steady(0),
  [series("litestream_total_wal_bytes", LITESTREAM)]: growing(100),
  [series("litestream_replica_operation_total", PUT)]: growing(1),
  [series("litestream_compaction_verify_error_count", LITESTREAM)]: steady(0),
  [series("litestream_disk_full", LITESTREAM)]: steady(0),
  [series("redis_up", REDIS)]: steady(1),
  [series("redis_cpu_sys_main_thread_seconds_total", REDIS)]: growing(0.1),
  [series("redis_cpu_user_main_thread_seconds_total", REDIS)]: growing(0.1),
  [series("redis_memory_used_bytes", REDIS)]: steady(1e8),
  [series("redis_memory_max_bytes", REDIS)]: steady(1e9),
  [series("redis_evicted_keys_total", REDIS)]: steady(7),
  [series("redis_acl_access_denied_auth_total", REDIS)]: steady(2),
  [series("redis_rejected_connections_total", REDIS)]: steady(1),
  [series("redis_rdb_last_save_timestamp_seconds", REDIS)]: now,
  [series("redis_rdb_changes_since_last_save", REDIS)]: steady(5),
  [series("redis_rdb_last_bgsave_status", REDIS)]: steady(1),
  [series("up", { pod: "minio-0" })]: steady(1),
  [series("minio_s3_requests_total", { pod: "minio-0", api: "getobject" })]: growing(2),
  [series("minio_s3_requests_4xx_errors_total", { pod: "minio-0", api: "getobject" })]: growing(0.02),
  [series("kubelet_volume_stats_available_bytes", VOLUME)]: steady(6e10),
  [series("kubelet_volume_stats_capacity_bytes", VOLUME)]: steady(1e11),
  [series("kube_deployment_status_replicas_available", { deployment: "aibase" })]: steady(3),
  [series("kube_deployment_spec_replicas", { deployment: "aibase" })]: steady(3),
  [series("kube_pod_container_status_restarts_total", AIBASE)]: steady(2),
  [series("container_memory_working_set_bytes", AIBASE)]: steady(4e8),
  [series("kube_pod_container_resource_limits", { ...AIBASE, resource: "memory" })]: steady(1e9),
  [series("query_duration_count", { pod: AIBASE.pod, query: "posts" })]: growing(1),
  [series("query_duration_bucket", { pod: AIBASE.pod, query: "posts", le: "100" })]: growing(1),
  [series("query_duration_bucket", { pod: AIBASE.pod, query: "posts", le: "5000" })]: growing(1),
  [series("query_duration_bucket", { pod: AIBASE.pod, query: "posts", le: "+Inf" })]: growing(1),
  [series("total_users", { pod: AIBASE.pod })]: steady(50_000),
  ...each(
    "kube_cronjob_status_last_successful_time",
    ["dump-daily-aibase", "dump-daily-circle", "drill-daily-aibase"].map((cronjob) => ({ cronjob })),
    now,
  ),
};

/** A stack that is well, at rest and at work. */
export const HEALTHY: SeriesTable = { ...postgres, ...others };

/** An alert with series that must make it fire, and series just this side of that. */
export interface RuleCase {
  readonly alert: string;
  /** Seconds between two samples. Default: 60. */
  readonly step?: number;
  readonly firing: Readonly<Record<string, Values | undefined>>;
  /** Minutes at which it fires. */
  readonly at: number;
  /** Minutes at which it does not fire yet; for rules that wait. */
  readonly notYet?: number;
  /** Labels of the alert, beside those of the rule. */
  readonly labels: Readonly<Record<string, string>>;
  /** At the same time with these series it is silent. */
  readonly quiet: Readonly<Record<string, Values | undefined>>;
}
