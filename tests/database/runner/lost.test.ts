import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyMigrations } from "../../../schema/apply";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { connected, databaseOn, type Fresh, freshDatabase, progressAfter, progressOf, steps } from "./support";

const migrations = steps(4);

const apply = (database: Fresh, count = migrations.length) =>
  connected(database, (client) =>
    applyMigrations({ client, database: "made_up", migrations: migrations.slice(0, count) }),
  );

/** Makes file 3 so slow that it is surely at work when `during` is called; gives what the runner threw. */
async function whileThirdIsAtWork(server: Postgres, database: Fresh, during: () => Promise<void>): Promise<unknown> {
  await apply(database, 2);
  await server.psql("INSERT INTO slow VALUES (3, 60)", database.name);
  const failed = apply(database).then(
    () => "it succeeded",
    (error: unknown) => error,
  );
  const atWork = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${database.name}' AND wait_event = 'PgSleep'`;
  while ((await server.psql(atWork)) !== "1") await sleep(20);
  await during();
  return failed;
}

/** The run before was undone as a whole, and the next one does the rest. */
async function goesOn(server: Postgres, database: Fresh): Promise<void> {
  expect(await progressOf(database)).toEqual(progressAfter(2));
  await server.psql("DELETE FROM slow", database.name);
  expect((await apply(database)).applied).toEqual(["0003_step_3", "0004_step_4"]);
  expect(await progressOf(database)).toEqual(progressAfter(4));
}

/** The killed server's own processes need a moment to go, and until then nobody may have its data. */
async function startAgain(data: string): Promise<Postgres> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startPostgres({ data });
    } catch (error) {
      if (tries === 20) throw error;
      await sleep(250);
    }
  }
}

describe("a migration whose session ends", () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it("is undone when its backend is terminated, and done by the next run", async () => {
    const database = await freshDatabase(server);
    const error = await whileThirdIsAtWork(server, database, async () => {
      await server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    });
    expect(error).toMatchObject({
      name: "UserError",
      exitCode: 1,
      message: expect.stringMatching(
        /^Database fresh_\w+: the connection was lost while migration 0003_step_3 was at work \(.+\)\. The database has all of it or nothing of it\. Run again: it goes on from there\.$/,
      ),
    });
    await goesOn(server, database);
  });

  it("is undone when its statement is cancelled, and the session is good for the next run", async () => {
    const database = await freshDatabase(server);
    const error = await whileThirdIsAtWork(server, database, async () => {
      await server.psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    });
    expect(error).toMatchObject({
      name: "UserError",
      message: expect.stringContaining("migration 0003_step_3 failed: canceling statement due to user request"),
    });
    await goesOn(server, database);
  });

  it("is undone when the server is killed, and done after its start", async () => {
    const doomed = await startPostgres();
    try {
      const { name } = await freshDatabase(doomed);
      const error = await whileThirdIsAtWork(doomed, databaseOn(doomed, name), async () => {
        const [pid] = readFileSync(join(doomed.folder, "postmaster.pid"), "utf8").split("\n");
        process.kill(Number(pid), "SIGKILL");
      });
      expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining("the connection was lost") });
      const again = await startAgain(doomed.folder);
      try {
        await goesOn(again, databaseOn(again, name));
      } finally {
        await again.stop();
      }
    } finally {
      await doomed.stop();
    }
  });
});
