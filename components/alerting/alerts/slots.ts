import { type Alert, fixed, GIB } from "../alert";

/** Replication slots and subscriptions: what keeps WAL until it is read. */

const NO_SLOTS = "a database without replication slots has none";

export const slots: readonly Alert[] = [
  {
    name: "replication-slot-lag",
    part: "database",
    signal: "WAL that the slowest replication slot keeps",
    threshold: fixed(10 * GIB),
    limit: "above 10 GiB",
    unit: "bytes",
    forMinutes: 15,
    severity: "warning",
    source: "ours; RDS metric OldestReplicationSlotLag",
    runbook: {
      means:
        "A slot is not read: WAL fills the disk, until `max_slot_wal_keep_size` drops the slot and its subscriber.",
      look: ["`SELECT slot_name, active, wal_status, safe_wal_size FROM pg_replication_slots`."],
      act: ["Start its subscriber again, or drop a slot that nobody needs. During a promotion: pause or roll back."],
    },
    cloudwatch: [
      {
        namespace: "AWS/RDS",
        missing: "notBreaching",
        scope: "primary",
        metric: "OldestReplicationSlotLag",
        statistic: "Maximum",
        periodSeconds: 300,
        periods: 3,
        comparison: ">",
      },
    ],
    prometheus: {
      value: (of) => `max by (namespace, slot_name) (${of("pg_replication_slot_retained_bytes")})`,
      comparison: ">",
      sometimes: NO_SLOTS,
    },
  },
  {
    name: "replication-slot-near-loss",
    part: "database",
    signal: "WAL that a replication slot keeps, as a share of what it may keep",
    threshold: fixed(50),
    limit: "above 50 % of max_slot_wal_keep_size",
    unit: "percent",
    forMinutes: 5,
    severity: "warning",
    source: "ours; PostgreSQL documentation, max_slot_wal_keep_size",
    runbook: {
      means: "At 100 % PostgreSQL gives the slot up, and its subscriber must be copied anew.",
      look: ["`SELECT slot_name, active, wal_status, safe_wal_size FROM pg_replication_slots`."],
      act: ["As for replication-slot-lag; a larger max_slot_wal_keep_size buys time, where the disk allows it."],
    },
    prometheus: {
      // Without a limit the setting is -1, and there is no share of it.
      value: (of) =>
        `100 * max by (namespace, slot_name) (${of("pg_replication_slot_retained_bytes")}) / on (namespace) group_left () (max by (namespace) (${of("pg_settings_max_slot_wal_keep_size_bytes")}) > 0)`,
      comparison: ">",
      sometimes: NO_SLOTS,
    },
  },
  {
    name: "replication-slot-inactive",
    part: "database",
    signal: "a replication slot that nobody reads",
    threshold: fixed(0),
    limit: "inactive for 30 minutes",
    unit: "slots",
    forMinutes: 30,
    severity: "warning",
    source: "ours, as replication-slot-lag",
    runbook: {
      means: "Its subscriber is away; WAL gathers.",
      look: ["`SELECT slot_name, active, restart_lsn FROM pg_replication_slots WHERE NOT active`."],
      act: ["As for replication-slot-lag."],
    },
    prometheus: {
      value: (of) => `count by (namespace, slot_name) (${of("pg_replication_slot_is_active")} == 0)`,
      comparison: ">",
      sometimes: NO_SLOTS,
    },
  },
  {
    name: "replication-slot-lost",
    part: "database",
    signal: "a replication slot whose WAL is gone",
    threshold: fixed(0),
    limit: "at once",
    unit: "slots",
    forMinutes: 0,
    severity: "critical",
    source: "PostgreSQL documentation, pg_replication_slots.wal_status",
    runbook: {
      means: "The subscriber cannot catch up any more; it must be copied anew.",
      look: ["Which slot: the label slot_name. Does a promotion use it?"],
      act: ["Drop the slot; begin its copy again."],
    },
    prometheus: {
      value: (of) => `count by (namespace, slot_name) (${of("pg_replication_slot_wal_status", 'wal_status="lost"')})`,
      comparison: ">",
      sometimes: NO_SLOTS,
    },
  },
  {
    name: "subscription-errors",
    part: "database",
    signal: "errors of a subscription",
    threshold: fixed(0),
    limit: "any within 10 minutes",
    unit: "errors",
    forMinutes: 0,
    severity: "critical",
    source: "PostgreSQL documentation, pg_stat_subscription_stats",
    runbook: {
      means: "Changes of the publisher cannot be applied here; its slot keeps WAL meanwhile.",
      look: ["The log of the subscriber: which row, which constraint."],
      act: [
        "Mend the row on the subscriber; `ALTER SUBSCRIPTION … SKIP` only when the change is surely there already.",
      ],
    },
    prometheus: {
      value: (of) => `max by (namespace, subname) (increase(${of("pg_stat_subscription_error_count")}[10m]))`,
      comparison: ">",
      sometimes: "a database without subscriptions has none",
    },
  },
];
