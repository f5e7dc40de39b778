import type { CatalogueName } from "../settings";

/** What runs inside a database by the clock: by pg_cron on Amazon RDS, by a CronJob elsewhere, and never by both (C-17). */
export interface ScheduledJob {
  readonly name: string;
  /** Cron expression of five fields, UTC. */
  readonly schedule: string;
  /** SQL, run as the database's owner, so that new partitions belong to it. */
  readonly command: string;
  readonly databases: readonly CatalogueName[];
}

export const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  // S3-44, word for word.
  { name: "archive-tasks", schedule: "0 2 1 * *", command: "SELECT archive_old_tasks();", databases: ["4g3n7db"] },
  {
    name: "maintain-partitions",
    schedule: "15 0 * * *",
    command: "SELECT * FROM ladder.maintain_partitions()",
    databases: ["4g3n7db", "circle"],
  },
];

/** The jobs of one logical database. */
export const scheduledJobs = (database: CatalogueName): ScheduledJob[] =>
  SCHEDULED_JOBS.filter(({ databases }) => databases.includes(database));
