import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assess } from "../../../promotion/assess/assess";
import type { Plan } from "../../../promotion/model";
import { resetTarget } from "../../../promotion/target/reset";
import { prove } from "../../../promotion/verify/prove";
import { UserError } from "../../../settings/errors";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { ID, type PooledTarget, pooledTarget, promoteInProcess } from "../../support/promotionInProcess";
import { answered } from "./random/asked";
import { differences, sameInTarget, sameKeyInTarget } from "./random/compare";
import { database, type RandomDatabase } from "./random/schema";
import { makeSource, writeMore } from "./random/write";

/** Fewer or more with LADDER_DATABASES: ten take a second. */
const DATABASES = Number(process.env.LADDER_DATABASES ?? 500);
/** Smaller and smaller databases that are tried when one fails. */
const SHRINKS = 200;
const NAME = "random";

let server: Postgres;
let target: PooledTarget;
let folder: string;
beforeAll(async () => {
  server = await startPostgres({ settings: { fsync: "off" } });
  await server.psql(`CREATE ROLE ${NAME} LOGIN PASSWORD '${NAME}'; CREATE DATABASE ${NAME} OWNER ${NAME}`);
  const { host, port } = server;
  target = pooledTarget({
    host,
    port,
    database: NAME,
    user: NAME,
    password: NAME,
    sslmode: "disable",
    connectTimeoutSeconds: 10,
  });
  folder = mkdtempSync(join(tmpdir(), "ladder-random-"));
});
afterAll(async () => {
  await target.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const counts = { carried: 0, asked: 0, withRowsAside: 0 };

/** Two rows that SQLite tells apart and PostgreSQL does not, for a unique index. */
const DOUBLES =
  /(is unique, and several rows have values that are equal for PostgreSQL|PostgreSQL takes it for a double of another row)/;

/** The plan, with an answer to every question; or what is wrong with the questions. */
async function planned(db: Database.Database, path: string): Promise<{ plan?: Plan; wrong: readonly string[] }> {
  const source = { path, busyTimeoutMs: 1_000 };
  const first = await assess({ source });
  if (first.plan || first.refusal) return { ...first, wrong: first.refusal ? [first.refusal] : [] };
  counts.asked++;
  const { wrong, rules } = answered(db, first);
  const file = `${path}.yaml`;
  writeFileSync(file, JSON.stringify({ version: 1, tables: rules }));
  const { plan, questions, refusal } = await assess({ source, rules: file });
  return plan ? { plan, wrong } : { wrong: [...wrong, ...questions, refusal ?? "no plan"] };
}

/** What is wrong with how the database arrived, in words. */
async function arrival(made: RandomDatabase, path: string): Promise<readonly string[]> {
  const db = new Database(path);
  db.pragma("synchronous = OFF");
  db.pragma("foreign_keys = OFF");
  const client = await target.connect();
  try {
    await resetTarget(client);
    const { plan, wrong } = await planned(db, path);
    if (plan === undefined || wrong.length > 0) return wrong;
    try {
      await promoteInProcess(target, { path, busyTimeoutMs: 1_000 }, plan, () => {
        for (const write of made.writes) writeMore(db, made, write);
      });
    } catch (error) {
      if (!(error instanceof UserError) || !DOUBLES.test(error.message)) throw error;
      return (await sameInTarget(db, client, plan)) ? [] : [error.message];
    }
    counts.carried++;
    const { rowCount } = await client.query("SELECT FROM ladder_promotion.quarantine LIMIT 1");
    if (rowCount !== 0) counts.withRowsAside++;
    const differing = await differences(db, client, plan, made.unchecked);
    if (differing.length === 0 || !(await sameKeyInTarget(db, client, plan))) return differing;
    // Of two keys that are one for PostgreSQL, the one written last took the other's place: the comparison is what blocks the cut-over.
    const run = {
      id: ID,
      source: { path, busyTimeoutMs: 1_000 },
      target,
      plan,
      workers: 1,
      onProgress: () => undefined,
    };
    return (await prove(run)).identical ? differing : [];
  } finally {
    await client.end();
    db.close();
  }
}

it(`${DATABASES} random databases arrive as they were, or are refused for a reason that is in them (S0-34, C-22)`, async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.limitShrink(database, SHRINKS), async (made) => {
      const path = join(folder, `${++number}.db`);
      makeSource(path, made);
      try {
        expect(await arrival(made, path)).toEqual([]);
      } finally {
        for (const ending of ["", "-wal", "-shm", ".yaml"]) rmSync(path + ending, { force: true });
      }
    }),
    { numRuns: DATABASES },
  );
  // Otherwise nothing was tried.
  expect(Object.entries(counts).filter(([, count]) => count < DATABASES / 100)).toEqual([]);
});

it.each(["DELETE FROM t WHERE id = 2", "UPDATE t SET v = 'B' WHERE id = 2", "INSERT INTO t VALUES (3, 'c')"])(
  "and one row that is wrong is seen: %s",
  async (sql) => {
    const path = join(folder, "seen.db");
    const rows = [
      [1n, "a"],
      [2n, "b"],
    ];
    const table = {
      name: "t",
      key: "number",
      columns: ["id", "v"],
      sql: ["CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)"],
    } as const;
    makeSource(path, { tables: [{ ...table, rows, more: 0 }], unchecked: false, writes: [] });
    const db = new Database(path);
    const client = await target.connect();
    try {
      await resetTarget(client);
      const { plan } = await planned(db, path);
      if (plan === undefined) throw new Error("no plan");
      await promoteInProcess(target, { path, busyTimeoutMs: 1_000 }, plan);
      expect(await differences(db, client, plan, false)).toEqual([]);
      await client.query(sql);
      expect(await differences(db, client, plan, false)).not.toEqual([]);
    } finally {
      await client.end();
      db.close();
      rmSync(path);
    }
  },
);
