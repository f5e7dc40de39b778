import { type Alert, type CloudWatchRule, fixed, GIB } from "../alert";

/**
 * Connections, memory, storage and life of the database's instances. Figures without a requirement are RDS guidance or ours.
 * Prometheus' metrics have the names of postgres_exporter; prometheus/cnpg.ts makes them of CloudNativePG's.
 */

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
        "Status and recent events of the instance in the RDS console; on Kubernetes `kubectl get cluster,pods -n <namespace>`.",
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
    // When all instances are gone, their metrics are, too.
    prometheus: {
      value: (of) => `(${of("pg_up")} or 0 * absent(${of("pg_up")}))`,
      comparison: "<=",
      always: ["pg_up"],
    },
  },
  {
    name: "database-without-primary",
    part: "database",
    signal: "instances that take writes",
    threshold: fixed(1),
    limit: "none for 2 minutes",
    unit: "instances",
    forMinutes: 2,
    severity: "critical",
    source: "S0-35, C-06: a failover takes 60 to 120 seconds",
    runbook: {
      means: "Every instance follows another one: nothing can be written.",
      look: [
        "`kubectl get cluster,pods -n <namespace>`: the cluster's phase says what the operator waits for.",
        "The operator's log; is the operator there at all?",
      ],
      act: [
        "A full volume or a node that is gone: mend that, the operator goes on by itself.",
        "`kubectl cnpg promote <cluster> <instance>` only when the old primary is surely dead.",
      ],
    },
    prometheus: { value: (of) => of("pg_writable"), comparison: "<", always: ["pg_replication_is_replica"] },
  },
  {
    name: "database-instance-missing",
    part: "database",
    signal: "instances that are wanted and not up",
    threshold: fixed(0),
    limit: "any for 15 minutes",
    unit: "instances",
    forMinutes: 15,
    severity: "warning",
    source: "ours: one instance less to fail over to; with synchronous replication two missing ones stop writes",
    runbook: {
      means: "The database runs on fewer instances than it was given.",
      look: [
        "`kubectl get pods -l cnpg.io/podRole=instance -n <namespace>`; `kubectl describe` the one that is not ready.",
      ],
      act: ["No room on the nodes: add one. A broken copy: `kubectl cnpg destroy <cluster> <number>` makes it anew."],
    },
    prometheus: { value: (of) => of("pg_instances_missing"), comparison: ">", always: ["pg_up"] },
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
      // Against the server's own setting, which may differ from the one that was planned.
      value: (of) =>
        `100 * sum by (namespace, pod) (${of("pg_stat_activity_count")}) / sum by (namespace, pod) (${of("pg_settings_max_connections")})`,
      comparison: ">",
      measured: { threshold: fixed(80), unit: "percent" },
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
      value: (of) =>
        `sum by (namespace, pod) (${of("pg_settings_max_connections")}) - sum by (namespace, pod) (${of("pg_stat_activity_count")})`,
      comparison: "<=",
      measured: { threshold: fixed(RESERVED_CONNECTIONS), unit: "connections that are left" },
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
    prometheus: {
      value: (of) => of("pg_memory_used_percent"),
      comparison: ">",
      measured: { threshold: fixed(80), unit: "percent" },
      always: ["pg_memory_used_percent"],
    },
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
    prometheus: {
      value: (of) => of("pg_cpu_used_percent"),
      comparison: ">",
      always: ["pg_cpu_used_percent"],
    },
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
    prometheus: {
      value: (of) => `sum by (namespace, pod) (${of("pg_stat_activity_count", 'state="active"')})`,
      comparison: ">",
      always: ["pg_stat_activity_count"],
    },
  },
];
