import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationOf } from "../../../catalogue/migrations";
import { type ApplyOptions, type ApplyProgress, applyMigrations } from "../../../schema/apply";
import { LOCK } from "../../../schema/lock";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { connected, type Fresh, freshDatabase, progressAfter, progressOf, steps } from "./support";

const migrations = steps(3);

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const run = (database: Fresh, options: Partial<ApplyOptions> = {}) =>
  connected(database, (client) => applyMigrations({ client, database: "made_up", migrations, ...options }));

const pidOf = async (client: Client): Promise<number> =>
  (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid ?? 0;

describe("another run at work", () => {
  it("is waited for no longer than said, and named", async () => {
    const database = await freshDatabase(server);
    await connected(database, async (other) => {
      await other.query("SELECT pg_advisory_lock($1::bigint)", [LOCK]);
      const reports: ApplyProgress[] = [];
      const failed = run(database, { waitMs: 300, onProgress: (report) => void reports.push(report) });
      const holder = `process ${await pidOf(other)} of postgres from 127.0.0.1, connected since`;
      await expect(failed).rejects.toMatchObject({
        name: "UserError",
        exitCode: 1,
        message: expect.stringMatching(
          new RegExp(
            `^Database ${database.name}: another run of migrations \\(${holder} [\\d:]{8} UTC\\) was not done after 0\\.3 s\\.`,
          ),
        ),
      });
      expect(reports).toEqual([{ step: "waiting", holder: expect.stringContaining(holder) }]);
      expect((await progressOf(database)).recorded).toEqual([]);
    });
    expect((await run(database)).applied).toHaveLength(3);
  });

  it("is not waited for any more when this one is stopped", async () => {
    const database = await freshDatabase(server);
    await connected(database, async (other) => {
      await other.query("SELECT pg_advisory_lock($1::bigint)", [LOCK]);
      const stop = new AbortController();
      const onProgress = () => stop.abort();
      await expect(run(database, { signal: stop.signal, onProgress })).rejects.toMatchObject({ name: "AbortError" });
    });
  });

  it("in another database of the same server is none of its business", async () => {
    const [one, two] = [await freshDatabase(server), await freshDatabase(server)];
    await connected(one, async (other) => {
      await other.query("SELECT pg_advisory_lock($1::bigint)", [LOCK]);
      expect((await run(two, { waitMs: 0 })).applied).toHaveLength(3);
    });
  });
});

describe("a table that somebody uses", () => {
  const locks = { timeoutMs: 200, tries: 2, pauseMs: 100 };
  const needsLock = [...migrations, migrationOf(4, "needs_lock", "ALTER TABLE made_1 ADD COLUMN more text;\n")];

  /** Applies all but the last, and holds a lock on a table that the last needs. */
  async function inUse(work: (database: Fresh, user: Client) => Promise<void>): Promise<void> {
    const database = await freshDatabase(server);
    await run(database);
    await connected(database, async (user) => {
      await user.query("BEGIN");
      await user.query("SELECT count(*) FROM made_1");
      await work(database, user);
    });
  }

  it("makes a migration try again, and give up in the end with the name of who is in the way", () =>
    inUse(async (database, user) => {
      const reports: ApplyProgress[] = [];
      const failed = run(database, {
        migrations: needsLock,
        locks,
        onProgress: (report) => void reports.push(report),
      });
      await expect(failed).rejects.toMatchObject({
        name: "UserError",
        exitCode: 1,
        message: expect.stringMatching(
          new RegExp(
            `migration 0004_needs_lock was tried 2 times: another transaction holds a lock that it needs\\. The oldest transaction there is that of process ${await pidOf(user)} \\(role postgres\\), open for \\d+ s\\. Nothing of this file was kept`,
          ),
        ),
      });
      expect(reports.slice(1)).toEqual([
        {
          step: "retrying",
          name: "0004_needs_lock",
          reason: "another transaction holds a lock that it needs",
          pauseMs: 100,
        },
      ]);
      expect(await progressOf(database)).toEqual(progressAfter(3));
    }));

  it("is waited for when it is free soon", () =>
    inUse(async (database, user) => {
      const freed = (report: ApplyProgress) => void (report.step === "retrying" && user.query("COMMIT"));
      const done = await run(database, { migrations: needsLock, locks, onProgress: freed });
      expect(done).toEqual({ applied: ["0004_needs_lock"], pending: [] });
    }));

  it("keeps no reader waiting for longer than one try", () =>
    inUse(async (database) => {
      const failed = run(database, { migrations: needsLock, locks: { ...locks, timeoutMs: 1_000, tries: 1 } });
      // A reader that comes while the migration queues stands behind it, and must get through without anybody's COMMIT.
      const readers = connected(database, async (reader) => {
        for (let read = 0; read < 20; read += 1) await reader.query("SELECT count(*) FROM made_1");
      });
      await expect(failed).rejects.toThrow("was tried once");
      await readers;
    }));
});

describe("a run that is stopped", () => {
  it("finishes the file at work, begins no other, and tells what is left", async () => {
    const database = await freshDatabase(server);
    const stop = new AbortController();
    const onProgress = ({ step }: ApplyProgress) => void (step === "applying" && stop.abort());
    expect(await run(database, { signal: stop.signal, onProgress })).toEqual({
      applied: ["0001_step_1"],
      pending: ["0002_step_2", "0003_step_3"],
    });
    expect(await progressOf(database)).toEqual(progressAfter(1));
    expect((await run(database)).applied).toEqual(["0002_step_2", "0003_step_3"]);
  });
});
