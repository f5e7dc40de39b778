import { type Alert, fixed, GIB } from "../alert";

/** Space for the database on RDS, and how fast it is used up; volumes of a cluster are in volumes.ts. */

/** 10 GB a month (S3-40), as bytes a day. */
const GROWTH_BYTES_PER_DAY = 10e9 / 30;

export const databaseStorage: readonly Alert[] = [
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
      {
        scope: "instance",
        namespace: "AWS/RDS",
        metric: "FreeStorageSpace",
        statistic: "Minimum",
        periodSeconds: 60,
        periods: 15,
        comparison: "<",
        missing: "notBreaching",
      },
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
      value: (of) => `86400 * deriv(sum by (namespace) (${of("pg_database_size_bytes")})[7d:1h])`,
      comparison: ">",
      always: ["pg_database_size_bytes"],
    },
  },
];
