import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { copyAll } from "../../../promotion/copy/copy";
import type { Progress } from "../../../promotion/model";
import { ExitCode, UserError } from "../../../settings/errors";
import { planned, planOf } from "./plans";
import { arrived, database, expected, prepared, serverForThisFile, sourceFile } from "./scene";

const server = serverForThisFile();

const t = planned("t", { id: { kind: "integer", bits: 64 }, a: { kind: "text" } }, { sourceKey: ["id"], rowid: "id" });
const fill = (rows: number) =>
  `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t SELECT value, 'a' || value FROM generate_series(1, ${rows})`;

const promotion = async (rows: number, onProgress: (progress: Progress) => void = () => undefined) =>
  prepared(await database(server()), sourceFile(fill(rows)), planOf([t]), { onProgress });

const failure = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => Promise.reject(new Error("nothing failed")),
    (error: unknown) => (error instanceof UserError ? error : Promise.reject(error)),
  );

describe("a copy", () => {
  it("that loses its connection says so, and goes on when it is run again", async () => {
    let cut: Promise<unknown> | undefined;
    const run = await promotion(250_000, () => {
      cut ??= server().psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keeper' AND query LIKE 'COPY%'",
      );
    });
    const { message, exitCode } = await failure(copyAll(run, { quarantine: false }));
    await cut;
    expect(exitCode).toBe(ExitCode.failed);
    expect(message).toMatch(/^The connection to the target was lost while table t was copied .* goes on from there\.$/);
    await copyAll(run, { quarantine: false });
    expect(await arrived(run, t.plan)).toEqual(expected(run, t.plan));
  });

  it("that gets too few connections says so", async () => {
    const run = await promotion(10);
    await server().psql("ALTER ROLE keeper CONNECTION LIMIT 2");
    const { message } = await failure(copyAll(run, { quarantine: false }));
    await server().psql("ALTER ROLE keeper CONNECTION LIMIT -1");
    expect(message).toContain("too many connections");
    expect((await copyAll(run, { quarantine: false })).rows).toBe(10);
  });

  it("does not begin while somebody writes and does not end, nor without WAL", async () => {
    const run = await promotion(10);
    const db = new Database(run.source.path);
    db.exec("BEGIN IMMEDIATE");
    const busy = { ...run, source: { ...run.source, busyTimeoutMs: 10 } };
    expect((await failure(copyAll(busy, { quarantine: false }))).message).toContain("was locked by another program");
    db.exec("ROLLBACK; PRAGMA journal_mode = DELETE");
    expect(await failure(copyAll(run, { quarantine: false }))).toMatchObject({
      exitCode: ExitCode.refused,
      message: expect.stringContaining("is in journal mode delete"),
    });
    db.pragma("journal_mode = WAL");
    db.close();
    expect((await copyAll(run, { quarantine: false })).rows).toBe(10);
  });

  it("keeps nothing of a range while the target has no room, and needs no more than another run", async () => {
    const run = await promotion(1_000);
    const name = run.target.connection.database;
    await server().psql(
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON t EXECUTE FUNCTION full_disk()`,
      name,
    );
    expect((await failure(copyAll(run, { quarantine: false }))).message).toMatch(
      /^The target's disk is full: it gave up while table t was copied\./,
    );
    await server().psql("DROP TRIGGER full_disk ON t", name);
    expect((await copyAll(run, { quarantine: false })).rows).toBe(1_000);
    expect(await arrived(run, t.plan)).toEqual(expected(run, t.plan));
  });
});
