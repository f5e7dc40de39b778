import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { bothTables, DUE, loadBacklog } from "./backlog";

const ROWS = 40_000;
const RUNS = ["SELECT archive_old_tasks()", "CALL archive_old_tasks_in_batches(100)"] as const;

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "4g3n7db");
});
const restarted: Postgres[] = [];
afterAll(async () => {
  for (const each of restarted) await each.stop();
  await server?.stop();
});

/** A run in a client of its own process. */
function startRun(sql: string, now = server) {
  const env = {
    ...now.env,
    PGUSER: database.user("owner"),
    PGPASSWORD: database.password("owner"),
    PGAPPNAME: "archive",
  };
  const child = spawn(join(server.bin, "psql"), ["-Xq", "-d", database.name, "-c", sql], { env, stdio: "ignore" });
  const ended = new Promise<boolean>((done) => child.once("exit", (code) => done(code === 0)));
  return { child, ended };
}

const interruptions: Readonly<Record<string, (run: ReturnType<typeof startRun>) => unknown>> = {
  "the connection ended by the server": () =>
    server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'archive'"),
  "the statement cancelled": () =>
    server.psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'archive'"),
  "the process of the server killed, with which all of it starts anew": () => killBackend(),
  // The server goes on with it until it wants to answer: the next run meets this one.
  "the client killed": ({ child }) => child.kill("SIGKILL"),
};

const RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'archive'";

/** Waits until a run is at it. */
async function underWay(now = server): Promise<void> {
  for (let left = 200; (await now.psql(`${RUNNING} AND state = 'active'`)) === "0" && left > 0; left -= 1)
    await sleep(5);
}

/** All tasks are in "Task" again, so that each round has the whole backlog. */
async function putBack(): Promise<void> {
  while ((await server.psql(RUNNING)) !== "0") await sleep(20);
  await database.psql('INSERT INTO "Task" SELECT * FROM task_archive; TRUNCATE task_archive', "owner");
}

/** As the kernel does it when memory runs out: PostgreSQL then ends everybody else and recovers from its log. */
async function killBackend(): Promise<void> {
  const pid = Number(await server.psql("SELECT min(pid) FROM pg_stat_activity WHERE application_name = 'archive'"));
  if (pid > 0) {
    kill(pid);
    while (alive(pid)) await sleep(10);
  }
  await available();
}

/** Waits until the server takes connections again. */
async function available(): Promise<void> {
  await sleep(100);
  for (let left = 300; ; left -= 1) {
    const up = await server.psql("SELECT 1").then(
      () => true,
      () => false,
    );
    if (up || left === 0) return;
    await sleep(100);
  }
}

describe("an archive run that does not come to its end", () => {
  it("leaves each task in exactly one place, 24 times, and the next run goes on", async () => {
    const due = await loadBacklog(database, ROWS);
    const before = await bothTables(database);
    expect(before.startsWith(`${ROWS}|${ROWS}|`)).toBe(true);
    const kinds = Object.entries(interruptions);
    let [cutOff, last] = [0, 0];
    // A run that came to its end before it was interrupted does not count.
    for (let attempt = 0; cutOff < 24; attempt += 1) {
      expect(attempt, "attempts").toBeLessThan(200);
      if (last > 0.8 * due) {
        await putBack();
        expect(await bothTables(database)).toBe(before);
        last = 0;
      }
      const [what, interrupt] = kinds[attempt % kinds.length] ?? ["", () => undefined];
      const run = startRun(RUNS[Math.floor(attempt / kinds.length) % RUNS.length] ?? RUNS[0]);
      await underWay();
      await sleep(randomInt(150));
      await interrupt(run);
      if (!(await run.ended)) cutOff += 1;
      expect(await bothTables(database), what).toBe(before);
      const now = Number(await database.psql("SELECT count(*) FROM task_archive", "owner"));
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    await database.psql("CALL archive_old_tasks_in_batches()", "owner");
    expect(await database.psql("SELECT count(*) FROM task_archive", "owner")).toBe(String(due));
    expect(await bothTables(database)).toBe(before);
  });

  it("survives crashes of the whole server", async () => {
    await putBack();
    const before = await bothTables(database);
    let now = server;
    for (let [crashes, attempt] = [0, 0]; crashes < 3; attempt += 1) {
      expect(attempt, "attempts").toBeLessThan(30);
      const run = startRun("CALL archive_old_tasks_in_batches(100)", now);
      await underWay(now);
      await sleep(randomInt(150));
      await crash(now);
      now = await startPostgres({ data: server.folder });
      restarted.push(now);
      expect(await bothTables(on(now))).toBe(before);
      // One that came to its end before the crash does not count; the last one leaves something to do.
      if (await run.ended) await on(now).psql('INSERT INTO "Task" SELECT * FROM task_archive; TRUNCATE task_archive');
      else crashes += 1;
    }
    const { psql } = on(now);
    const due = Number(await psql(`SELECT count(*) FROM "Task" WHERE ${DUE}`));
    expect(due).toBeGreaterThan(0);
    const done = Number(await psql("SELECT count(*) FROM task_archive"));
    await psql("SELECT archive_old_tasks()");
    expect(await psql("SELECT count(*) FROM task_archive")).toBe(String(done + due));
    expect(await bothTables(on(now))).toBe(before);
  });
});

/** The database on a server that was started on the same folder again. */
const on = (now: Postgres): Pick<CatalogueDatabase, "psql"> => ({ psql: (sql) => now.psql(sql, database.name) });

/** Kills the server's first process and all others at once. */
async function crash(now: Postgres): Promise<void> {
  const backends = (await now.psql("SELECT pid FROM pg_stat_activity")).split("\n").map(Number);
  const [first] = readFileSync(join(server.folder, "postmaster.pid"), "utf8").split("\n");
  // The one that told of the others has ended; these may end by themselves when the first is gone.
  for (const pid of [Number(first), ...backends]) kill(pid);
  await sleep(500);
}

function kill(pid: number): void {
  if (alive(pid))
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended in between.
    }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
