import type { Database } from "better-sqlite3";
import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reopenSource } from "../../../promotion/log/sourceGate";
import { installSourceLog, sourceMark } from "../../../promotion/log/sourceLog";
import { closeGate, installTarget, openGate } from "../../../promotion/log/targetGate";
import { replayBack } from "../../../promotion/replay/back";
import { catchUp, replay } from "../../../promotion/replay/forward";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { temporaryFolder } from "../../support/temporary";
import { contents, newWorld, PLAN, type World } from "./world";
import { postgresWrite, sqliteWrite } from "./writes";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

function writeSqlite(db: Database, writes: readonly string[]): void {
  for (const sql of writes)
    try {
      db.exec(sql);
    } catch (error) {
      if (db.inTransaction) db.exec("ROLLBACK");
      if (!/constraint failed/.test(String(error))) throw error;
    }
}

async function writePostgres(app: Client, writes: readonly string[]): Promise<void> {
  for (const sql of writes)
    try {
      await app.query(sql);
    } catch (error) {
      await app.query("ROLLBACK");
      if (!/duplicate key|cannot affect row a second time/.test(String(error))) throw error;
    }
}

/** A session that is cut off after so many questions. */
async function cutOff({ run }: World, questions: number): Promise<Client> {
  const client = await run.target.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const query = client.query.bind(client);
  let left = questions;
  const counted = (...given: Parameters<typeof query>) => {
    if (left-- === 0) server.psql(`SELECT pg_terminate_backend(${rows[0]?.pid})`).catch(() => undefined);
    return query(...given);
  };
  return Object.assign(client, { query: counted });
}

async function back(world: World) {
  await closeGate(world.client);
  world.db.exec("BEGIN IMMEDIATE");
  reopenSource(world.db, { id: world.run.id });
  const result = await replayBack(world.db, world.client, world.run);
  world.db.exec("COMMIT");
  return result;
}

async function expectEqual(world: World, when: string): Promise<void> {
  const { sqlite, postgres } = await contents(world);
  expect(postgres, when).toEqual(sqlite);
}

describe("replay", () => {
  it("makes both sides equal, whatever was written on either, and wherever a pass was cut off (C-24)", async () => {
    const folder = temporaryFolder();
    const seed = Number(process.env.LADDER_SEED ?? 1);
    const writes = <T>(write: fc.Arbitrary<T>, part: number): T[] =>
      fc.sample(write, { seed: seed + part, numRuns: 95 });
    for (let database = 0; database < 6; database++) {
      const world = await newWorld(server, folder);
      const app = await world.connectAs("app");
      installSourceLog(world.db, PLAN);
      await installTarget(world.client, PLAN, world.run.id);
      for (let round = 0; round < 3; round++) {
        const part = 100 * database + 10 * round;
        writeSqlite(world.db, writes(sqliteWrite, part));
        const [questions = 1] = fc.sample(fc.integer({ min: 1, max: 60 }), { seed: seed + part, numRuns: 1 });
        const cut = await cutOff(world, questions);
        await replay(world.db, cut, world.run).catch(() => undefined);
        await cut.end().catch(() => undefined);
        writeSqlite(world.db, writes(sqliteWrite, part + 1));
        const { last } = await catchUp(world.run);
        expect(last.mark).toBe(sourceMark(world.db));
        await expectEqual(world, `database ${database}, round ${round}, forward`);
        await openGate(world.client);
        await writePostgres(app, writes(postgresWrite, part + 2));
        await back(world);
        await expectEqual(world, `database ${database}, round ${round}, back`);
        expect(world.db.pragma("integrity_check", { simple: true })).toBe("ok");
        await world.client.query("TRUNCATE ladder_promotion.changes");
      }
      await world.end();
    }
  });
});
