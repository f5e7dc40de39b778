import type { Client, ClientBase } from "pg";
import { type LogicalDatabaseModel, MAINTENANCE_DATABASE, SCHEDULER_EXTENSION } from "../../catalogue/roles";
import { type ScheduledJob, scheduledJobs } from "../../catalogue/schedules";
import { ExitCode, UserError } from "../../settings/errors";
import { name } from "./quote";
import { ownerMembership } from "./roles";
import { serverFacts } from "./server";
import { alone, transaction } from "./transaction";

export interface ScheduleOptions {
  readonly model: LogicalDatabaseModel;
  /** As for bootstrapDatabase, which must have run before. */
  readonly connect: (database: string) => Promise<Client>;
  /** Database of pg_cron (`cron.database_name`). Default: `postgres`. */
  readonly maintenanceDatabase?: string;
  readonly onProgress?: (line: string) => void;
}

/** A job as `cron.job` shows it. */
interface Recorded {
  readonly jobid: string;
  readonly schedule: string;
  readonly command: string;
  readonly database: string;
  readonly username: string;
  readonly active: boolean;
}

/** The function that schedules for another database; its arguments differ from version to version, and before 1.4 there is none. */
const IN_DATABASE =
  "(SELECT oid FROM pg_catalog.pg_proc WHERE proname = 'schedule_in_database' AND pronamespace = 'cron'::regnamespace) AS f";

/**
 * Schedules the jobs of a logical database by pg_cron, each exactly once, however often this runs: one that is there is brought to
 * the model, and one of another role for the same database goes.
 */
export async function scheduleJobs(options: ScheduleOptions): Promise<void> {
  const { model, connect, maintenanceDatabase = MAINTENANCE_DATABASE, onProgress = () => undefined } = options;
  const jobs = scheduledJobs(model.catalogue);
  if (jobs.length === 0) return;
  const client = await connect(maintenanceDatabase);
  try {
    await prepare(client, model);
    for (const job of jobs)
      if (await scheduleJob(client, model, job)) onProgress(`${job.name} scheduled: ${job.schedule}`);
  } finally {
    await client.end();
  }
}

/** The extension, and the owner's way to it. */
async function prepare(client: ClientBase, { roles }: LogicalDatabaseModel): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_extension WHERE extname = $1", [
    SCHEDULER_EXTENSION,
  ]);
  if (rowCount === 0)
    await alone(
      client,
      `the extension ${SCHEDULER_EXTENSION}, which needs shared_preload_libraries = '${SCHEDULER_EXTENSION}' and a superuser`,
      `CREATE EXTENSION ${name(SCHEDULER_EXTENSION)}`,
    );
  // The extension keeps this function from PUBLIC. Who may hand it on does; otherwise the way around is taken.
  const { rows } = await client.query<{ signature: string }>(
    `SELECT oid::regprocedure AS signature FROM ${IN_DATABASE} WHERE has_function_privilege(oid, 'EXECUTE WITH GRANT OPTION')`,
  );
  await transaction(client, `the owner's way to ${SCHEDULER_EXTENSION}`, [
    // Where the provider made the roles, it took its membership back.
    ...(await ownerMembership(client, await serverFacts(client), roles.owner.name)),
    `GRANT USAGE ON SCHEMA cron TO ${name(roles.owner.name)}`,
    ...rows.map(({ signature }) => `GRANT EXECUTE ON FUNCTION ${signature} TO ${name(roles.owner.name)}`),
  ]);
}

/** Gives whether anything changed. All in one transaction: the job never exists for a wrong database. */
async function scheduleJob(client: ClientBase, model: LogicalDatabaseModel, job: ScheduledJob): Promise<boolean> {
  const { database, roles } = model;
  const owner = roles.owner.name;
  const right = (row: Recorded): boolean =>
    row.username === owner &&
    row.database === database &&
    row.active &&
    row.schedule === job.schedule &&
    row.command === job.command;
  await client.query("BEGIN");
  try {
    // Whatever the connected role may see: another role's too, such as a master's of former times.
    const removed = await unschedule(client, await recorded(client, model, job), right);
    // A job belongs to whoever schedules it; only a true superuser may name somebody else.
    await client.query(`SET LOCAL ROLE ${name(owner)}`);
    const removedToo = await unschedule(client, await recorded(client, model, job), right);
    const missing = (await recorded(client, model, job)).length === 0;
    if (missing) await schedule(client, model, job);
    await client.query("RESET ROLE");
    await client.query(`SET LOCAL ROLE ${name(owner)}`);
    const now = await recorded(client, model, job);
    if (now.length !== 1 || !now.every(right))
      throw new UserError(
        `pg_cron holds ${now.length} jobs ${job.name} for ${database} that are not as they should be. Look at cron.job in the database ${MAINTENANCE_DATABASE}, take them out by cron.unschedule, and run this again.`,
        ExitCode.failed,
      );
    await client.query("COMMIT");
    return removed || removedToo || missing;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** The jobs of this name that are for this database, or the owner's for whatever database; row-level security shows one's own. */
async function recorded(client: ClientBase, { database, roles }: LogicalDatabaseModel, job: ScheduledJob) {
  const { rows } = await client.query<Recorded>(
    `SELECT jobid, schedule, command, database, username, active FROM cron.job
     WHERE jobname = $1 AND (database = $2 OR username = $3) ORDER BY jobid`,
    [job.name, database, roles.owner.name],
  );
  return rows;
}

/** Takes out all but one right one. Gives whether there was anything to take out. */
async function unschedule(
  client: ClientBase,
  rows: readonly Recorded[],
  right: (row: Recorded) => boolean,
): Promise<boolean> {
  const kept = rows.find(right);
  const wrong = rows.filter((row) => row !== kept);
  for (const { jobid } of wrong) await client.query("SELECT cron.unschedule($1::bigint)", [jobid]);
  return wrong.length > 0;
}

/** As the owner. Where the owner may not name a database, the connected role moves the job there (Amazon RDS user guide, pg_cron). */
async function schedule(
  client: ClientBase,
  { database, roles }: LogicalDatabaseModel,
  job: ScheduledJob,
): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM ${IN_DATABASE} WHERE has_function_privilege(oid, 'EXECUTE')`);
  const values = [job.name, job.schedule, job.command];
  if (rowCount === 1) {
    await client.query("SELECT cron.schedule_in_database($1, $2, $3, $4)", [...values, database]);
    return;
  }
  const made = await client.query<{ jobid: string }>("SELECT cron.schedule($1, $2, $3) AS jobid", values);
  await client.query("RESET ROLE");
  const moved = await client.query("UPDATE cron.job SET database = $1 WHERE jobid = $2", [
    database,
    made.rows[0]?.jobid,
  ]);
  if (moved.rowCount !== 1)
    throw new UserError(
      `The job ${job.name} of ${roles.owner.name} cannot be moved to the database ${database}: the connected role may not change cron.job. Connect as a superuser, or as a member of rds_superuser.`,
      ExitCode.failed,
    );
}
