import { createHash, randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { copyAll } from "../../../promotion/copy/copy";
import { ExitCode } from "../../../settings/errors";
import { startCode } from "../../support/children";
import type { ChildJob } from "./child";
import { planned, planOf } from "./plans";
import { arrived, database, expected, prepared, serverForThisFile, sourceFile } from "./scene";

const server = serverForThisFile();

const text = { kind: "text" } as const;
const int = { kind: "integer", bits: 64 } as const;

const ROWS = 201_000;
const rows = (name: string, columns: string) => `CREATE TABLE ${name} (${columns}, a TEXT, b TEXT);
  INSERT INTO ${name} SELECT value, 'value ' || value, hex(value * 7919) FROM generate_series(1, ${ROWS});`;
const tables = [
  planned("numbered", { id: int, a: text, b: text }, { sourceKey: ["id"], rowid: "id" }),
  planned("keyed", { id: int, a: text, b: text }, { sourceKey: ["id"] }),
  planned("loose", { id: int, a: text, b: text }),
];
const plan = planOf(tables);
const fill = () =>
  sourceFile(
    `${rows("numbered", "id INTEGER PRIMARY KEY")} ${rows("keyed", "id INT PRIMARY KEY")} ${rows("loose", "id INT")}`,
  );

/** A copy in a process of its own. */
function child(job: ChildJob) {
  const file = join(dirname(job.path), "job.json");
  writeFileSync(file, JSON.stringify(job));
  return startCode(`require("./tests/promotion/copy/child").copyAs(${JSON.stringify(file)})`);
}

describe("a copy that is cut off", () => {
  it("S1-24: goes on after SIGKILL at any moment, and every row has arrived once", async () => {
    const run = await prepared(await database(server()), fill(), plan);
    const { connection } = run.target;
    const done = () =>
      server().psql(
        "SELECT count(*) FROM ladder_promotion.ranges WHERE done AND tbl = 'numbered'",
        connection.database,
      );
    for (let round = 0; round < 3; round++) {
      const before = Number(round === 0 ? 0 : await done());
      const killed = child({ connection, path: run.source.path, plan });
      // One that has nothing left to copy says nothing.
      await killed.said("rows").catch(() => undefined);
      await sleep(randomInt(800));
      killed.process.kill("SIGKILL");
      const { signal, output } = await killed.finished;
      if (signal !== "SIGKILL") expect(output).toContain(`copied ${3 * ROWS}`);
      expect(Number(await done())).toBeGreaterThanOrEqual(before);
    }
    expect((await copyAll(run, { quarantine: false })).rows).toBe(3 * ROWS);
    for (const table of tables) expect(await arrived(run, table.plan)).toEqual(expected(run, table.plan));
  });

  it("begins a table again whose rows of two snapshots could break its uniqueness", async () => {
    const t = planned(
      "t",
      { id: int, email: text },
      { sourceKey: ["id"], rowid: "id", constraints: ["UNIQUE (email)"] },
    );
    const path = sourceFile(`CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
      INSERT INTO t SELECT value, 'user ' || value FROM generate_series(1, 110000)`);
    const run = await prepared(await database(server()), path, planOf([t]));
    await copyAll(run, { quarantine: false });
    // As if the second range had not been copied when the run was killed.
    await server().psql(
      "UPDATE ladder_promotion.ranges SET done = false WHERE no = 1; DELETE FROM t WHERE id > 55000",
      run.target.connection.database,
    );
    const db = new Database(path);
    db.exec("UPDATE t SET email = 'other' WHERE id = 1; UPDATE t SET email = 'user 1' WHERE id = 110000");
    db.close();
    expect(await copyAll(run, { quarantine: false })).toMatchObject({ rows: 110_000, quarantined: 0 });
    expect(await arrived(run, t.plan)).toEqual(expected(run, t.plan));
  });

  it("goes on after it was interrupted, and ends its sessions", async () => {
    const stop = new AbortController();
    const run = await prepared(await database(server()), fill(), plan, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(copyAll(run, { quarantine: false })).rejects.toMatchObject({ exitCode: ExitCode.interrupted });
    await expect(copyAll(run, { quarantine: false })).rejects.toMatchObject({ exitCode: ExitCode.interrupted });
    const { signal: _, ...on } = run;
    expect((await copyAll({ ...on, onProgress: () => undefined }, { quarantine: false })).rows).toBe(3 * ROWS);
    for (const table of tables) expect(await arrived(run, table.plan)).toEqual(expected(run, table.plan));
    const sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'keeper'";
    expect(await server().psql(sessions, run.target.connection.database)).toBe("0");
  });

  it("has one snapshot of all tables while others write", async () => {
    const pair = (name: string) => planned(name, { id: int, n: int }, { sourceKey: ["id"], rowid: "id" });
    const path =
      sourceFile(`CREATE TABLE a (id INTEGER PRIMARY KEY, n INT); CREATE TABLE b (id INTEGER PRIMARY KEY, n INT);
      INSERT INTO a SELECT value, 0 FROM generate_series(1, 120000); INSERT INTO b SELECT value, 0 FROM generate_series(1, 120000)`);
    const run = await prepared(await database(server()), path, planOf([pair("a"), pair("b")]));
    const writer = startCode(`
      const db = new (require("better-sqlite3"))(${JSON.stringify(path)}, { timeout: 10000 });
      const both = db.transaction(() => { db.exec("UPDATE a SET n = n + 1 WHERE id % 1000 = 0; UPDATE b SET n = n + 1 WHERE id % 1000 = 0") });
      for (let round = 0; ; round++) { both(); if (round === 0) console.log("writes"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); }
    `);
    await writer.said("writes");
    await copyAll(run, { quarantine: false });
    writer.process.kill("SIGKILL");
    await writer.finished;
    const { database: name } = run.target.connection;
    expect(
      await server().psql(
        "SELECT count(DISTINCT n) FROM (SELECT n FROM a WHERE id % 1000 = 0 UNION ALL SELECT n FROM b WHERE id % 1000 = 0) AS x",
        name,
      ),
    ).toBe("1");
    expect(Number(await server().psql("SELECT max(n) FROM a", name))).toBeGreaterThan(0);
  });
});

describe("memory", () => {
  it("stays below 400 MB with values of 100 MB", async () => {
    const huge = planned(
      "huge",
      { id: int, data: { kind: "bytea" }, note: text, json: { kind: "json" } },
      { sourceKey: ["id"], rowid: "id" },
    );
    const path = sourceFile((db) => {
      db.exec("CREATE TABLE huge (id INTEGER PRIMARY KEY, data BLOB, note TEXT, json TEXT)");
      const insert = db.prepare("INSERT INTO huge VALUES (?, ?, ?, '[]')");
      for (let id = 1; id < 2_000; id++) insert.run(id, Buffer.from("small"), "small");
      insert.run(2_000, Buffer.alloc(100 * 1024 * 1024, "\xff\\"), "a");
      insert.run(2_001, null, "ä\tb\\".repeat(12 * 1024 * 1024));
      insert.run(2_002, Buffer.alloc(3 * 1024 * 1024, 1), "b".repeat(3 * 1024 * 1024));
    });
    const run = await prepared(await database(server()), path, planOf([huge]));
    const { output } = await child({ connection: run.target.connection, path, plan: run.plan }).finished;
    const [, megabytes] = /copied 2002, at most (\d+) MB/.exec(output) ?? [];
    expect(output).toContain("copied 2002");
    expect(Number(megabytes)).toBeLessThan(400);
    expect(
      await server().psql(
        "SELECT id, length(data), md5(data), length(note), md5(note) FROM huge WHERE id >= 2000 ORDER BY id",
        run.target.connection.database,
      ),
    ).toBe(digests(path));
  });
});

const md5 = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

function digests(path: string): string {
  const db = new Database(path, { readonly: true });
  const rows = db
    .prepare<[], { id: number; data: Buffer | null; note: string }>(
      "SELECT id, data, note FROM huge WHERE id >= 2000 ORDER BY id",
    )
    .all();
  db.close();
  return rows
    .map(({ id, data, note }) =>
      [id, data?.length ?? "", data === null ? "" : md5(data), note.length, md5(Buffer.from(note))].join("|"),
    )
    .join("\n");
}
