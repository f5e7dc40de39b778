import type { MetricOf } from "../alert";
import type { RecordingRule } from "../prometheusRules";

/**
 * The catalogue's metrics of PostgreSQL, made of what the exporters of CloudNativePG tell: its own queries
 * (config/manager/default-monitoring.yaml of the operator), ours (schema/metrics/queries.ts), the plugin of the archive,
 * and the containers as the kubelets measure them.
 */

export interface CnpgSource {
  /** Name of the Cluster; its pods are called after it. */
  readonly clusterName: string;
  /** Instances that it should have. */
  readonly instances: number;
  /** Name of the Pooler. Default: there is none. */
  readonly poolerName?: string;
}

/** Metrics of the archive's plugin begin with its name. */
const BARMAN = "barman_cloud_cloudnative_pg_io";

/** Who replicates, and who dumps: neither is a client that should hurry. */
const NO_REPLICATION = 'usename!="streaming_replica"';
const NO_DUMP = 'application_name!="pg_dump"';

const MIB = 1024 ** 2;

export function cnpgRecordings(of: MetricOf, { clusterName, instances, poolerName }: CnpgSource): RecordingRule[] {
  const pods = `pod=~"${clusterName}-[0-9]+"`;
  const own: MetricOf = (metric, ...matchers) => of(metric, pods, ...matchers);
  const isPrimary = `and on (namespace, pod) ${own("cnpg_pg_replication_in_recovery")} == 0`;
  const isReplica = `and on (namespace, pod) ${own("cnpg_pg_replication_in_recovery")} == 1`;
  const onPrimary = (metric: string, ...matchers: readonly string[]): string =>
    `(${own(metric, ...matchers)} ${isPrimary})`;
  const perPod = (record: string, metric: string, ...matchers: readonly string[]): RecordingRule => ({
    record,
    expr: `max by (namespace, pod) (${own(metric, ...matchers)})`,
  });
  const perDatabase = (record: string, metric: string): RecordingRule => ({
    record,
    expr: `max by (namespace, pod, datname) (${own(metric)})`,
  });
  const once = (record: string, metric: string, ...labels: readonly string[]): RecordingRule => ({
    record,
    expr: `max by (${["namespace", ...labels].join(", ")}) (${own(metric)})`,
  });
  const slot = (record: string, metric: string, ...labels: readonly string[]): RecordingRule => ({
    record,
    expr: `max by (${["namespace", "slot_name", ...labels].join(", ")}) ${onPrimary(metric)}`,
  });

  return [
    perPod("pg_up", "cnpg_collector_up"),
    perPod("pg_replication_is_replica", "cnpg_pg_replication_in_recovery"),
    // Both are numbers even when no instance tells anything: that is when they matter.
    {
      record: "pg_writable",
      expr: `sum(clamp_max(count(${own("cnpg_pg_replication_in_recovery")} == 0), 1) or vector(0))`,
    },
    {
      record: "pg_instances_missing",
      expr: `${instances} - sum(count(${own("cnpg_collector_up")} == 1) or vector(0))`,
    },
    {
      record: "pg_replication_lag_seconds",
      expr: `max by (namespace, pod) (${own("cnpg_pg_replication_lag")} ${isReplica})`,
    },
    {
      record: "pg_stat_activity_count",
      expr: `sum by (namespace, pod, datname, state) (${own("cnpg_backends_total", NO_REPLICATION)})`,
    },
    {
      record: "pg_stat_activity_max_tx_duration",
      expr: `max by (namespace, pod, datname, state) (${own("cnpg_backends_max_tx_duration_seconds", NO_REPLICATION, NO_DUMP)})`,
    },
    perPod("pg_settings_max_connections", "cnpg_pg_settings_setting", 'name="max_connections"'),
    {
      record: "pg_settings_max_slot_wal_keep_size_bytes",
      expr: `${MIB} * max by (namespace, pod) (${own("cnpg_pg_settings_setting", 'name="max_slot_wal_keep_size"')})`,
    },
    ...["deadlocks", "xact_commit", "xact_rollback", "blks_read", "blks_hit"].map((counter) =>
      perDatabase(`pg_stat_database_${counter}`, `cnpg_pg_stat_database_${counter}`),
    ),
    once("pg_database_size_bytes", "cnpg_pg_database_size_bytes", "datname"),
    once("pg_database_xid_age", "cnpg_pg_database_xid_age", "datname"),
    // Standbys hold copies of the slots that nobody reads there.
    slot("pg_replication_slot_is_active", "cnpg_pg_replication_slots_active"),
    slot("pg_replication_slot_retained_bytes", "cnpg_pg_replication_slots_wal_retained_bytes"),
    slot("pg_replication_slot_wal_status", "cnpg_pg_replication_slots_wal_retained_bytes", "wal_status"),
    once("pg_stat_subscription_error_count", "cnpg_pg_stat_subscription_error_count", "subname"),
    ...["n_live_tup", "n_dead_tup", "total_bytes", "seq_scan", "idx_scan"].map((column) =>
      once(`pg_stat_user_tables_${column}`, `cnpg_pg_stat_user_tables_${column}`, "datname", "schemaname", "relname"),
    ),
    once("ladder_default_partition_rows", "cnpg_ladder_default_partition_rows", "datname", "schemaname", "relname"),
    perPod("postgres_connections", "cnpg_postgres_connections"),
    perPod("postgres_slow_queries", "cnpg_postgres_slow_queries"),
    perPod("postgres_longest_query_seconds", "cnpg_postgres_longest_query_seconds"),
    perDatabase("postgres_cache_hit_ratio", "cnpg_postgres_cache_hit_ratio"),
    once("pg_stat_archiver_last_archived_time", "cnpg_pg_stat_archiver_last_archived_time"),
    once("pg_stat_archiver_last_failed_time", "cnpg_pg_stat_archiver_last_failed_time"),
    {
      record: "pg_wal_ready_files",
      expr: `max by (namespace) ${onPrimary("cnpg_collector_pg_wal_archive_status", 'value="ready"')}`,
    },
    once("pg_base_backup_timestamp", `${BARMAN}_last_available_backup_timestamp`),
    once("pg_base_backup_failure_timestamp", `${BARMAN}_last_failed_backup_timestamp`),
    ...containerRecordings(own),
    ...(poolerName === undefined ? [] : [poolerRecording(of, poolerName)]),
  ];
}

const CONTAINER = 'container="postgres"';

const perContainer = (own: MetricOf, metric: string, ...matchers: readonly string[]): string =>
  `sum by (namespace, pod) (${own(metric, CONTAINER, ...matchers)})`;

const containerRecordings = (own: MetricOf): readonly RecordingRule[] => [
  {
    // Of the working set, files that were read lately can be freed at any time; processes and shared buffers cannot.
    record: "pg_memory_used_percent",
    expr: `100 * (${perContainer(own, "container_memory_rss")} + ${perContainer(own, "container_memory_mapped_file")}) / ${perContainer(own, "kube_pod_container_resource_limits", 'resource="memory"')}`,
  },
  {
    record: "pg_cpu_used_percent",
    expr: `100 * sum by (namespace, pod) (rate(${own("container_cpu_usage_seconds_total", CONTAINER)}[5m])) / ${perContainer(own, "kube_pod_container_resource_requests", 'resource="cpu"')}`,
  },
];

const poolerRecording = (of: MetricOf, poolerName: string): RecordingRule => ({
  record: "pgbouncer_pools_client_waiting_connections",
  expr: `sum by (namespace, pod, database) (${of("cnpg_pgbouncer_pools_cl_waiting", `pod=~"${poolerName}-.+"`)})`,
});
