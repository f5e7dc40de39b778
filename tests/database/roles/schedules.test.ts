import { afterAll, beforeAll, expect, it } from "vitest";
import { logicalDatabase } from "../../../catalogue/roles";
import { scheduleJobs } from "../../../schema/bootstrap";
import type { CatalogueName } from "../../../settings";
import { catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { connectTo, type Login, MASTER, makeMaster } from "./bootstrapping";

const JOBS = "SELECT jobname, schedule, command, database, username, active FROM cron.job ORDER BY database, jobname";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres({ cron: true });
  for (const name of ["4g3n7db", "circle", "aibase"] as const) await catalogueDatabase(server, name);
});
afterAll(() => server.stop());

async function schedule(name: CatalogueName, login: Login = server): Promise<string[]> {
  const progress: string[] = [];
  await scheduleJobs({
    model: logicalDatabase(name),
    connect: (database) => connectTo(server, database, login),
    onProgress: (line) => progress.push(line),
  });
  return progress;
}

const EXPECTED = [
  "archive-tasks|0 2 1 * *|SELECT archive_old_tasks();|4g3n7db|4g3n7db_owner|t",
  "maintain-partitions|15 0 * * *|SELECT * FROM ladder.maintain_partitions()|4g3n7db|4g3n7db_owner|t",
  "maintain-partitions|15 0 * * *|SELECT * FROM ladder.maintain_partitions()|circle|circle_owner|t",
];

it("schedules each job exactly once, as the owner, in its database (S3-44, S3-45)", async () => {
  expect(await schedule("aibase")).toEqual([]);
  expect(await server.psql("SELECT count(*) FROM pg_extension WHERE extname = 'pg_cron'")).toBe("0");
  expect(await schedule("4g3n7db")).toEqual([
    "archive-tasks scheduled: 0 2 1 * *",
    "maintain-partitions scheduled: 15 0 * * *",
  ]);
  expect(await schedule("circle")).toEqual(["maintain-partitions scheduled: 15 0 * * *"]);
  expect((await server.psql(JOBS)).split("\n")).toEqual(EXPECTED);
});

it("changes nothing when it runs again", async () => {
  const ids = () => server.psql("SELECT jobid FROM cron.job ORDER BY 1");
  const before = await ids();
  expect([...(await schedule("4g3n7db")), ...(await schedule("circle"))]).toEqual([]);
  expect(await ids()).toBe(before);
});

it("mends what somebody changed, and takes out a job of the same name of another role", async () => {
  await server.psql(`
    UPDATE cron.job SET active = false WHERE jobname = 'archive-tasks';
    UPDATE cron.job SET schedule = '* * * * *' WHERE database = 'circle';
    SELECT cron.schedule_in_database('archive-tasks', '0 2 1 * *', 'SELECT archive_old_tasks();', '4g3n7db');
    SELECT cron.schedule('somebody-elses', '0 2 1 * *', 'SELECT 1')`);
  await schedule("4g3n7db");
  await schedule("circle");
  const other = "somebody-elses|0 2 1 * *|SELECT 1|postgres|postgres|t";
  expect((await server.psql(JOBS)).split("\n")).toEqual([...EXPECTED, other]);
  await server.psql("SELECT cron.unschedule('somebody-elses')");
});

it("schedules as a master that may not hand on the function, by the way that Amazon RDS documents", async () => {
  await makeMaster(server);
  // What a member of rds_superuser may do there: see and change all jobs, and hand on the schema, though not the function.
  await server.psql(`
    SELECT cron.unschedule(jobid) FROM cron.job;
    REVOKE EXECUTE ON FUNCTION cron.schedule_in_database(text, text, text, text, text, boolean) FROM "4g3n7db_owner";
    GRANT USAGE ON SCHEMA cron TO ${MASTER.user} WITH GRANT OPTION;
    GRANT UPDATE, DELETE ON cron.job TO ${MASTER.user};
    CREATE POLICY master ON cron.job TO ${MASTER.user} USING (true)`);
  await schedule("4g3n7db", MASTER);
  expect((await server.psql(JOBS)).split("\n")).toEqual(EXPECTED.slice(0, 2));
  expect(await schedule("4g3n7db", MASTER)).toEqual([]);
});

it("really runs a job by the clock, as the owner, in its database", async () => {
  await server.psql("SELECT cron.unschedule(jobid) FROM cron.job");
  await schedule("4g3n7db");
  // What ran before is another test's. Version 1.4 knows no seconds: at the next full minute.
  await server.psql("DELETE FROM cron.job_run_details");
  await server.psql("UPDATE cron.job SET schedule = '* * * * *' WHERE jobname = 'maintain-partitions'");
  const runs =
    "SELECT status, database, username FROM cron.job_run_details WHERE status IN ('succeeded', 'failed') LIMIT 1";
  const until = Date.now() + 75_000;
  while ((await server.psql(runs)) === "" && Date.now() < until) await new Promise((done) => setTimeout(done, 500));
  expect(await server.psql(runs)).toBe("succeeded|4g3n7db|4g3n7db_owner");
});
