/**
 * How long short transactions on "Task" take while 1,000,000 old tasks are archived, and while rows are moved out of its
 * default partition; beside the same without either. Run: `npm run bench -- archive [rounds]`.
 */
import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { type CatalogueDatabase, catalogueDatabase } from "../tests/servers/catalogueDatabase";
import { startPostgres } from "../tests/servers/postgres";
import { judge } from "./measure";

const DUE = 1_000_000;
const OPEN = 100_000;
const STRAYS = 100_000;
const CONNECTIONS = 4;
/** Between two transactions of a connection: the machine shall be busy, not drowned, before anything else starts. */
const THINK_MS = 5;
const ALONE_MS = 10_000;
const LIMIT_MS = 50;

interface Load {
  /** Milliseconds of each transaction since the last time it was asked, those under way just now among them. */
  taken(): Promise<number[]>;
  stop(): Promise<void>;
}

/** Clients of the application, each with one short transaction after the other: insert, change, read. */
async function startLoad(database: CatalogueDatabase): Promise<Load> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => database.connect()));
  let times: number[] = [];
  let going = true;
  const underWay = new Set<Promise<void>>();
  const work = clients.map(async (client) => {
    for (let step = 0; going; step += 1) {
      const began = performance.now();
      const one = transaction(client, step % 3).then(() => {
        times.push(performance.now() - began);
      });
      underWay.add(one);
      await one;
      underWay.delete(one);
      await sleep(THINK_MS);
    }
  });
  return {
    async taken() {
      await Promise.all(underWay);
      const before = times;
      times = [];
      return before;
    },
    async stop() {
      going = false;
      await Promise.all(work);
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function transaction(client: Client, kind: number): Promise<void> {
  const id = `open ${1 + randomInt(OPEN)}`;
  if (kind === 0)
    await client.query('INSERT INTO "Task" ("id", "title") VALUES ($1, $2)', [randomUUID(), "a new task"]);
  else if (kind === 1)
    await client.query(`UPDATE "Task" SET "title" = $2, "updatedAt" = now() AT TIME ZONE 'UTC' WHERE "id" = $1`, [
      id,
      id,
    ]);
  else await client.query('SELECT * FROM "Task" WHERE "id" = $1', [id]);
}

/** Old tasks of more than a year, all of them due, and open ones of the last weeks. */
const FILL = `
  INSERT INTO "Task" ("id", "userId", "title", "description", "status", "createdAt", "updatedAt", "completedAt")
  SELECT gen_random_uuid()::text, 'user ' || n % 5000, 'task ' || n, repeat('words of it ', n % 20), 'COMPLETED', at, at, at + interval '3 days'
  FROM generate_series(1, ${DUE}) AS n
  CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'UTC') - interval '100 days' - n * (interval '400 days' / ${DUE})) AS date (at);
  INSERT INTO "Task" ("id", "title", "createdAt")
  SELECT 'open ' || n, 'open', (now() AT TIME ZONE 'UTC') - n * (interval '30 days' / ${OPEN}) FROM generate_series(1, ${OPEN}) AS n`;

/** Rows of four months that have no partition. */
const STRAY = `
  INSERT INTO "Task" ("id", "title", "createdAt")
  SELECT gen_random_uuid()::text, 'stray', '2010-01-01'::timestamp + n * (interval '120 days' / ${STRAYS}) FROM generate_series(1, ${STRAYS}) AS n`;

const at = (times: readonly number[], part: number): number =>
  [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * part)] ?? Number.NaN;

function print(what: string, times: readonly number[], seconds: number): void {
  const ms = (part: number) => `${at(times, part).toFixed(1)} ms`;
  console.log(
    `  ${what.padEnd(34)} ${seconds.toFixed(1)} s, ${times.length} transactions: median ${ms(0.5)}, 99 % ${ms(0.99)}, longest ${ms(1)}`,
  );
}

/** Runs something beside the load; gives the times of the transactions meanwhile. */
async function during(load: Load, what: string, work: () => Promise<unknown>): Promise<readonly number[]> {
  await load.taken();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const times = await load.taken();
  print(what, times, seconds);
  return times;
}

async function round(): Promise<number> {
  // As a server is: what is committed is on the disk.
  const server = await startPostgres({ settings: { fsync: "on", max_wal_size: "4GB", shared_buffers: "256MB" } });
  try {
    const database = await catalogueDatabase(server, "4g3n7db");
    await database.psql(FILL, "owner");
    await server.psql("CHECKPOINT", database.name);
    const load = await startLoad(database);
    await during(load, "nothing else", () => sleep(ALONE_MS));
    const times = await during(load, `archiving ${DUE} tasks`, () =>
      database.psql("CALL archive_old_tasks_in_batches()", "owner"),
    );
    const archived = Number(await database.psql("SELECT count(*) FROM task_archive", "owner"));
    if (archived !== DUE) throw new Error(`${archived} tasks were archived, not ${DUE}`);
    await database.psql(STRAY, "owner");
    await during(load, `moving ${STRAYS} strays`, () =>
      database.psql("CALL ladder.maintain_partitions_one_by_one()", "owner"),
    );
    await load.stop();
    return at(times, 0.99);
  } finally {
    await server.stop();
  }
}

export async function benchArchive(rounds = 3): Promise<void> {
  console.log(`Archiving: short transactions of ${CONNECTIONS} connections meanwhile`);
  const worst: number[] = [];
  for (let count = 0; count < rounds; count += 1) worst.push(await round());
  judge({ what: "99 % of the transactions, worst round", value: Math.max(...worst), limit: LIMIT_MS, unit: " ms" });
}
