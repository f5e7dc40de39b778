import { type Alert, type CloudWatchRule, fixed, GIB } from "../alert";

/** Connections, memory, storage and life of the database's instances. Figures without a requirement are RDS guidance or ours. */

const everyMinute = (
  rule: Pick<CloudWatchRule, "scope" | "metric" | "statistic" | "comparison"> & Partial<CloudWatchRule>,
  minutes: number,
): CloudWatchRule => ({
  namespace: "AWS/RDS",
  periodSeconds: 60,
  periods: minutes,
  missing: "notBreaching",
  ...rule,
});

/** PostgreSQL keeps so many for superusers (`superuser_reserved_connections`). */
const RESERVED_CONNECTIONS = 3;
/** 10 GB a month (S3-40), as bytes a day. */
const GROWTH_BYTES_PER_DAY = 10e9 / 30;

export const database: readonly Alert[] = [
  {
    name: "database-down",
    part: "database",
    signal: "an instance that tells nothing of its connections",
    threshold: fixed(0),
    limit: "no data for 5 minutes (Prometheus: down for 1 minute)",
    unit: "connections",
    forMinutes: 1,
    severity: "critical",
    source: "S0-35; ours: CloudWatch's own delay needs 5 minutes",
    runbook: {
      means: "The instance is stopped, starting, failing over for too long, or gone.",
      look: [
        "Status and recent events of the instance in the RDS console.",
        "`rds-event`: a message of the category failure or low storage says why.",
      ],
      act: [
        "During a failover wait two minutes; the addresses stay the same.",
        "If it does not come back, restore: the stack's output `restore` says how.",
      ],
    },
    cloudwatch: [
      everyMinute(
        {
          scope: "instance",
          metric: "DatabaseConnections",
          statistic: "Minimum",
          comparison: "<",
          missing: "breaching",
        },
        5,
      ),
    ],
    prometheus: { expr: () => "pg_up == 0", always: ["pg_up"] },
  },
  {
    name: "database-connections-high",
    part: "database",
    signal: "share of max_connections in use",
    threshold: ({ maxConnections }) => 0.8 * maxConnections,
    limit: "above 80 % of max_connections",
    unit: "connections",
    forMinutes: 10,
    severity: "warning",
    source: "S3-38, C-32",
    runbook: {
      means: "New connections will soon be refused.",
      look: [
        "Replicas of the application times the size of its pool: did it scale out?",
        "`SELECT state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1`: many idle ones are a leak or a missing pooler.",
      ],
      act: [
        "Turn the pooler on (`database.pooler: true`), or lower `database.poolMax`.",
        "A bigger instance allows more connections; change `size`.",
      ],
    },
    cloudwatch: [
      everyMinute({ scope: "instance", metric: "DatabaseConnections", statistic: "Average", comparison: ">" }, 10),
    ],
    prometheus: {
      expr: () => "sum by (instance) (pg_stat_activity_count) > 0.8 * sum by (instance) (pg_settings_max_connections)",
      always: ["pg_stat_activity_count", "pg_settings_max_connections"],
    },
  },
  {
    name: "database-connections-exhausted",
    part: "database",
    signal: "connections that are left",
    threshold: ({ maxConnections }) => maxConnections - RESERVED_CONNECTIONS,
    limit: "none left but the 3 that PostgreSQL keeps for superusers",
    unit: "connections",
    forMinutes: 1,
    severity: "critical",
    source: "S3-38; PostgreSQL documentation, superuser_reserved_connections",
    runbook: {
      means: "The database refuses new connections: requests fail now.",
      look: ["As for database-connections-high; then the application's log for «remaining connection slots»."],
      act: [
        "Free some at once: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle' AND state_change < now() - interval '5 minutes'`.",
        "Scale the application in, or turn the pooler on.",
      ],
    },
    cloudwatch: [
      everyMinute({ scope: "instance", metric: "DatabaseConnections", statistic: "Maximum", comparison: ">=" }, 1),
    ],
    prometheus: {
      expr: () =>
        `sum by (instance) (pg_stat_activity_count) >= sum by (instance) (pg_settings_max_connections) - ${RESERVED_CONNECTIONS}`,
      always: ["pg_stat_activity_count", "pg_settings_max_connections"],
    },
  },
  {
    name: "database-memory-high",
    part: "database",
    signal: "memory in use",
    threshold: ({ memoryGiB }) => 0.2 * memoryGiB * GIB,
    limit: "above 80 %: less than 20 % can be freed",
    unit: "bytes that can be freed",
    forMinutes: 15,
    severity: "warning",
    source: "S3-41",
    runbook: {
      means: "Sessions and caches leave little memory; the next step is swapping, then a restart.",
      look: [
        "Connections: each costs memory of its own.",
        "Sorts and hashes: `work_mem` is taken per node of a plan, not per session.",
      ],
      act: ["Lower the connections or `work_mem`.", "A bigger instance: change `size`; it is changed in place."],
    },
    cloudwatch: [
      everyMinute({ scope: "instance", metric: "FreeableMemory", statistic: "Average", comparison: "<" }, 15),
    ],
  },
  {
    name: "database-cpu-high",
    part: "database",
    signal: "CPU in use",
    threshold: fixed(90),
    limit: "above 90 %",
    unit: "percent",
    forMinutes: 5,
    severity: "warning",
    source: "S3-37; the figure is ours",
    runbook: {
      means: "Queries wait for the processor.",
      look: [
        "Top statements by load in the database's insights.",
        "`database-load-high`: more sessions than processors?",
      ],
      act: ["Index or rewrite the statement at the top.", "A bigger instance, or reports moved to a replica (S3-25)."],
    },
    cloudwatch: [
      everyMinute({ scope: "instance", metric: "CPUUtilization", statistic: "Average", comparison: ">" }, 5),
    ],
  },
  {
    name: "database-load-high",
    part: "database",
    signal: "sessions that work or wait at the same time",
    threshold: ({ vcpus }) => vcpus,
    limit: "more than there are vCPUs",
    unit: "sessions",
    forMinutes: 15,
    severity: "warning",
    source: "ours; RDS metric DBLoad",
    runbook: {
      means: "Sessions queue: for the processor, for locks, or for the disk.",
      look: ["The kinds of waiting in the database's insights: CPU, IO or Lock."],
      act: ["Lock: end the session that blocks (`pg_blocking_pids`).", "IO or CPU: as for database-cpu-high."],
    },
    cloudwatch: [everyMinute({ scope: "instance", metric: "DBLoad", statistic: "Average", comparison: ">" }, 15)],
  },
  {
    name: "database-storage-low",
    part: "database",
    signal: "free storage",
    threshold: ({ storageGiB }) => 0.08 * storageGiB * GIB,
    limit: "below 8 % of the first size",
    unit: "bytes",
    forMinutes: 15,
    severity: "critical",
    source: "ours: RDS grows the volume at 10 % free, so 8 % means that it does not (RDS storage autoscaling)",
    runbook: {
      means: "Autoscaling does not keep up: its maximum is reached, or it is in the six hours after the last growth.",
      look: [
        "`rds-event` of the categories low storage, failure and notification.",
        "`replication-slot-lag`: a slot that nobody reads keeps all WAL.",
      ],
      act: [
        "Raise `database.maxStorageGiB`; it is changed in place.",
        "Drop a dead slot: `SELECT pg_drop_replication_slot('…')`.",
      ],
    },
    cloudwatch: [
      everyMinute({ scope: "instance", metric: "FreeStorageSpace", statistic: "Minimum", comparison: "<" }, 15),
    ],
  },
  {
    name: "database-growth",
    part: "database",
    signal: "growth of the data",
    threshold: fixed(GROWTH_BYTES_PER_DAY),
    limit: "more than 10 GB in a month, by the days of a week",
    unit: "bytes a day",
    forMinutes: 0,
    severity: "warning",
    source: "S3-40, C-35; 5 of 7 days, because an alarm of CloudWatch sees 7 days at most",
    runbook: {
      means: "The database grows faster than 10 GB a month; about 4 GB are planned.",
      look: ["Largest tables: `SELECT relname, pg_total_relation_size(oid) FROM pg_class ORDER BY 2 DESC LIMIT 20`."],
      act: [
        "Does the monthly archiving run (S3-44)? Are files still kept in the database (S3-04)?",
        "If the growth is real, plan the next tier and its budget.",
      ],
    },
    cloudwatch: [
      {
        scope: "primary",
        namespace: "AWS/RDS",
        metric: "FreeStorageSpace",
        statistic: "Average",
        expression: "-1 * DIFF(m1)",
        periodSeconds: 86_400,
        periods: 7,
        breaching: 5,
        comparison: ">",
        missing: "notBreaching",
      },
    ],
    prometheus: {
      expr: (bytes) => `86400 * deriv(sum by (instance) (pg_database_size_bytes)[7d:1h]) > ${bytes}`,
      always: ["pg_database_size_bytes"],
    },
  },
];
