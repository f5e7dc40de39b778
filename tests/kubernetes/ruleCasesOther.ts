import {
  AIBASE,
  changed,
  growing,
  LITESTREAM,
  now,
  PUT,
  REDIS,
  type RuleCase,
  series,
  steady,
  type Values,
  VOLUME,
} from "./ruleSeries";

/** All but PostgreSQL: each alert just past its threshold, and just before it. */

const POD = { pod: "aibase-0" };
const HOUR = 3600;

/** A metric of one pod that is past its threshold with one value, and before it with another. */
const simple = (
  alert: string,
  metric: string,
  [past, before]: readonly [Values | undefined, Values],
  rest: Pick<RuleCase, "at" | "labels"> & Partial<RuleCase>,
): RuleCase => ({ alert, firing: { [metric]: past }, quiet: { [metric]: before }, ...rest });

const redis = (metric: string) => series(metric, REDIS);
const litestream = (metric: string) => series(metric, LITESTREAM);

const sqlite: readonly RuleCase[] = [
  simple("litestream-errors", litestream("litestream_sync_error_count"), [changed(0, 5, 1), steady(3)], {
    at: 7,
    labels: LITESTREAM,
  }),
  simple(
    "litestream-replica-errors",
    series("litestream_replica_operation_errors_total", { ...PUT, code: "403" }),
    // A single error is tried again, and forgotten after five minutes.
    [growing(0.1), changed(0, 10, 1)],
    { at: 20, notYet: 9, labels: POD },
  ),
  simple("litestream-behind", series("litestream_replica_operation_total", PUT), [steady(9), growing(0.01)], {
    at: 20,
    notYet: 14,
    labels: POD,
  }),
  {
    alert: "litestream-behind",
    // A bucket that never took anything.
    firing: { [series("litestream_replica_operation_total", PUT)]: undefined },
    at: 20,
    notYet: 14,
    labels: POD,
    // A database to which nobody writes.
    quiet: {
      [series("litestream_replica_operation_total", PUT)]: steady(9),
      [litestream("litestream_total_wal_bytes")]: steady(1e6),
    },
  },
  simple(
    "litestream-compaction-errors",
    litestream("litestream_compaction_verify_error_count"),
    [changed(0, 30, 1), steady(2)],
    { at: 60, labels: POD },
  ),
  simple("litestream-disk-full", litestream("litestream_disk_full"), [steady(1), steady(0)], {
    at: 1,
    notYet: 0,
    labels: POD,
  }),
];

const cache: readonly RuleCase[] = [
  simple("cache-down", redis("redis_up"), [steady(0), changed(0, 1, 1)], { at: 1, notYet: 0, labels: REDIS }),
  simple("cache-down", redis("redis_up"), [undefined, changed(0, 1, 1)], { at: 1, notYet: 0, labels: {} }),
  simple("cache-engine-cpu-high", redis("redis_cpu_user_main_thread_seconds_total"), [growing(0.85), growing(0.75)], {
    at: 15,
    notYet: 5,
    labels: REDIS,
  }),
  simple("cache-memory-high", redis("redis_memory_used_bytes"), [steady(0.81e9), steady(0.8e9)], {
    at: 5,
    notYet: 4,
    labels: REDIS,
  }),
  simple("cache-evictions", redis("redis_evicted_keys_total"), [growing(0.4), growing(0.3)], {
    at: 15,
    notYet: 5,
    labels: REDIS,
  }),
  simple(
    "cache-replication-lag",
    series("redis_connected_slave_lag_seconds", { ...REDIS, slave_ip: "10.0.0.2", slave_port: "6379" }),
    [steady(2), steady(1)],
    { at: 5, notYet: 4, labels: REDIS },
  ),
  simple("cache-authentication-failures", redis("redis_acl_access_denied_auth_total"), [growing(0.05), growing(0.03)], {
    at: 15,
    notYet: 5,
    labels: REDIS,
  }),
  simple("cache-rejected-connections", redis("redis_rejected_connections_total"), [changed(1, 5, 2), steady(9)], {
    at: 7,
    labels: REDIS,
  }),
  {
    alert: "cache-dump-old",
    step: 900,
    firing: { [redis("redis_rdb_last_save_timestamp_seconds")]: steady(0) },
    at: 49 * 60 + 15,
    notYet: 49 * 60,
    labels: REDIS,
    // Nothing was changed, so nothing is saved.
    quiet: {
      [redis("redis_rdb_last_save_timestamp_seconds")]: steady(0),
      [redis("redis_rdb_changes_since_last_save")]: steady(0),
    },
  },
  simple("cache-save-failed", redis("redis_rdb_last_bgsave_status"), [steady(0), changed(0, 5, 1)], {
    at: 5,
    notYet: 4,
    labels: REDIS,
  }),
];

const minio = (metric: string) => series(metric, { pod: "minio-0", api: "getobject" });

const files: readonly RuleCase[] = [
  simple("files-down", series("up", { pod: "minio-0" }), [steady(0), changed(0, 2, 1)], {
    at: 2,
    notYet: 1,
    labels: { pod: "minio-0" },
  }),
  ...["4xx", "5xx"].map(
    (kind): RuleCase =>
      simple(
        kind === "4xx" ? "files-client-errors" : "files-server-errors",
        minio(`minio_s3_requests_${kind}_errors_total`),
        [growing(0.12), growing(0.09)],
        { at: 35, notYet: 14, labels: {} },
      ),
  ),
  {
    alert: "files-server-errors",
    firing: { [minio("minio_s3_requests_5xx_errors_total")]: growing(1) },
    at: 35,
    notYet: 14,
    labels: {},
    // All of nearly nothing.
    quiet: {
      [minio("minio_s3_requests_5xx_errors_total")]: growing(0.05),
      [minio("minio_s3_requests_total")]: growing(0.05),
    },
  },
];

const AVAILABLE = series("kubelet_volume_stats_available_bytes", VOLUME);

const volumes: readonly RuleCase[] = [
  simple("volume-space-low", AVAILABLE, [steady(1.49e10), steady(1.5e10)], { at: 15, notYet: 14, labels: VOLUME }),
  // 60 GB less three hours or five of what is written.
  simple("volume-full-soon", AVAILABLE, [growing(-6e10 / (4.9 * HOUR), 6e10), growing(-6e10 / (7 * HOUR), 6e10)], {
    at: 90,
    notYet: 29,
    labels: VOLUME,
  }),
];

const READY = series("kube_deployment_status_replicas_available", { deployment: "aibase" });
const bucket = (le: string) => series("query_duration_bucket", { pod: AIBASE.pod, query: "posts", le });

const app: readonly RuleCase[] = [
  simple("app-down", READY, [steady(0), steady(1)], { at: 1, notYet: 0, labels: {} }),
  simple("app-pods-missing", READY, [steady(2), changed(2, 15, 3)], { at: 15, notYet: 14, labels: {} }),
  simple(
    "app-restarting",
    series("kube_pod_container_status_restarts_total", AIBASE),
    [growing(0.005), growing(0.003)],
    { at: 20, labels: AIBASE },
  ),
  simple("app-memory-high", series("container_memory_working_set_bytes", AIBASE), [steady(0.81e9), steady(0.8e9)], {
    at: 10,
    notYet: 9,
    labels: { pod: AIBASE.pod },
  }),
  {
    alert: "app-query-slow",
    // One call in ten takes up to five seconds; then one in twenty-five.
    firing: { [bucket("100")]: growing(0.9) },
    at: 15,
    notYet: 4,
    labels: { query: "posts" },
    quiet: { [bucket("100")]: growing(0.96) },
  },
  simple("users-near-tier-end", series("total_users", { pod: AIBASE.pod }), [steady(90_001), steady(90_000)], {
    at: 60,
    notYet: 59,
    labels: {},
  }),
];

const job = (cronjob: string, minute: string) => ({ job_name: `${cronjob}-${minute}` });
const success = (cronjob: string) => series("kube_cronjob_status_last_successful_time", { cronjob });

/** A job that was started at a time and failed. */
const failedJob = (cronjob: string, started: Values): Readonly<Record<string, Values>> => ({
  [series("kube_job_status_start_time", job(cronjob, "29270100"))]: started,
  [series("kube_job_failed", { ...job(cronjob, "29270100"), condition: "true", reason: "BackoffLimitExceeded" })]:
    steady(1),
});

const jobs: readonly RuleCase[] = (
  [
    { kind: "dump", old: "dump-old", failed: "dump-failed", cronjob: "dump-daily-circle", hours: 26, step: 1800 },
    {
      kind: "drill",
      old: "restore-drill-old",
      failed: "restore-drill-failed",
      cronjob: "drill-daily-aibase",
      hours: 8 * 24,
      step: 7200,
    },
  ] as const
).flatMap(({ old, failed, cronjob, hours, step }): RuleCase[] => [
  {
    alert: old,
    step,
    firing: { [success(cronjob)]: steady(0) },
    at: hours * 60 + step / 30,
    notYet: hours * 60,
    labels: { cronjob },
    quiet: { [success(cronjob)]: steady(5 * HOUR) },
  },
  {
    alert: old,
    step,
    // Never: then the CronJob's own age counts.
    firing: { [success(cronjob)]: undefined, [series("kube_cronjob_created", { cronjob })]: steady(0) },
    at: hours * 60 + step / 30,
    notYet: hours * 60,
    labels: { cronjob },
    quiet: { [success(cronjob)]: undefined, [series("kube_cronjob_created", { cronjob })]: steady(5 * HOUR) },
  },
  {
    alert: failed,
    firing: { [success(cronjob)]: steady(60), ...failedJob(cronjob, steady(120)) },
    at: 5,
    labels: { cronjob },
    // A later one succeeded, so that the failed job which is kept for its log means nothing more.
    quiet: { [success(cronjob)]: now, ...failedJob(cronjob, steady(120)) },
  },
  {
    alert: failed,
    firing: { [success(cronjob)]: steady(60), ...failedJob(cronjob, steady(120)) },
    at: 5,
    labels: { cronjob },
    // It runs, and has not failed.
    quiet: {
      [success(cronjob)]: steady(60),
      [series("kube_job_status_start_time", job(cronjob, "29270100"))]: steady(120),
      [series("kube_job_failed", { ...job(cronjob, "29270100"), condition: "true" })]: steady(0),
    },
  },
]);

export const OTHER_CASES: readonly RuleCase[] = [...sqlite, ...cache, ...files, ...volumes, ...app, ...jobs];
