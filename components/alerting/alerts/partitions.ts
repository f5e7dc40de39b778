import { type Alert, fixed } from "../alert";

/** Tables that are partitioned by time: partitions are made ahead of need, so none of their rows should find no place. */
export const partitions: readonly Alert[] = [
  {
    name: "rows-in-default-partition",
    part: "database",
    signal: "rows in a default partition",
    threshold: fixed(0),
    limit: "any for 15 minutes",
    unit: "rows",
    forMinutes: 15,
    severity: "warning",
    source: "C-15",
    runbook: {
      means:
        "No partition was there for these rows: the daily job makes none ahead any more, or the rows carry a date far off.",
      look: [
        "`SELECT * FROM ladder.partitioned_tables`, and the partitions in `\\d+` of the table: do they reach beyond today?",
        "The last runs of the job maintain-partitions: `cron.job_run_details`, or the CronJob's log.",
      ],
      act: [
        "As the owner: `SELECT * FROM ladder.maintain_partitions()`. It makes what is missing and moves the rows there.",
        "Rows that stay have dates before 1900 or after 2199: correct them.",
      ],
    },
    prometheus: {
      value: (of) => `max by (namespace, datname, relname) (${of("ladder_default_partition_rows")})`,
      comparison: ">",
      sometimes: "a database without partitioned tables has none",
    },
  },
];
