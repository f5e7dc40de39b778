import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POSTGRES_VERSIONS } from "../../../tools/npmPostgres";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { bothTables, DUE, loadBacklog } from "./backlog";

describe.each(POSTGRES_VERSIONS)("archiving on PostgreSQL %i", (version) => {
  let server: Postgres;
  let database: CatalogueDatabase;

  beforeAll(async () => {
    server = await startPostgres({ version });
    database = await catalogueDatabase(server, "4g3n7db");
  });
  afterAll(() => server?.stop());
  beforeEach(() => owner('TRUNCATE "Task", task_archive'));

  const owner = (sql: string) => database.psql(sql, "owner");
  const archived = () => owner('SELECT string_agg("id", \',\' ORDER BY "id") FROM task_archive');

  it("S3-42 archive_old_tasks() moves completed tasks older than 90 days into task_archive, all columns kept", async () => {
    expect(
      await owner(`SELECT prorettype::regtype, lanname, pronargs FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE proname = 'archive_old_tasks'`),
    ).toBe("void|plpgsql|0");
    const due = await loadBacklog(database, 20_000);
    expect(due).toBeGreaterThan(8000);
    const before = await bothTables(database);
    expect(await owner("SELECT archive_old_tasks();")).toBe("");
    expect(await bothTables(database)).toBe(before);
    expect(await owner("SELECT count(*) FROM task_archive")).toBe(String(due));
    expect(await owner(`SELECT count(*) FROM task_archive WHERE NOT (${DUE})`)).toBe("0");
    expect(await owner(`SELECT count(*) FROM "Task" WHERE ${DUE}`)).toBe("0");
    // Run again, it finds nothing.
    await owner("SELECT archive_old_tasks();");
    expect(await bothTables(database)).toBe(before);
  });

  it('S3-43 task_archive has the columns of "Task", and takes no task twice', async () => {
    const columns = (table: string) =>
      owner(`SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull, ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0`);
    expect(await columns("task_archive")).toBe(await columns('"Task"'));
    expect(await columns("task_archive")).toMatch(/\bstatus text .*\bcompletedAt timestamp without time zone/);
    await owner(
      `INSERT INTO task_archive ("id", "title", "status", "createdAt", "updatedAt") VALUES ('a', '', '', '2025-01-01', '2025-01-01')`,
    );
    await expect(
      owner(
        `INSERT INTO task_archive ("id", "title", "status", "createdAt", "updatedAt") VALUES ('a', '', '', '2025-01-01', '2025-01-01')`,
      ),
    ).rejects.toThrow(/task_archive_pkey/);
  });

  it("is exact about the 90 days, the status and the missing date, in any time zone of the session", async () => {
    const task = (id: string, status: string, completed: string) =>
      owner(
        `INSERT INTO "Task" ("id", "title", "status", "completedAt") VALUES ('${id}', '', '${status}', ${completed})`,
      );
    const ago = (what: string) => `(now() AT TIME ZONE 'UTC') - interval '${what}'`;
    await task("over", "COMPLETED", ago("90 days 1 second"));
    await task("under", "COMPLETED", ago("89 days 23 hours 59 minutes"));
    await task("other case", "completed", ago("100 days"));
    await task("other status", "CANCELLED", ago("100 days"));
    await task("undated", "COMPLETED", "NULL");
    await owner("SET TimeZone = 'Pacific/Auckland'; SELECT archive_old_tasks()");
    expect(await archived()).toBe("over");
    await owner("SET TimeZone = 'America/Los_Angeles'; SELECT archive_old_tasks()");
    expect(await archived()).toBe("over");
  });

  it("archive_old_tasks_in_batches() does the same, each batch for good", async () => {
    const due = await loadBacklog(database, 10_000);
    const before = await bothTables(database);
    const client = await database.connect("owner");
    await client.query("SET statement_timeout = '2s'");
    // Ten batches of 100 with 0.3 s between them do not fit: it is cut off, and keeps what it has done.
    await expect(client.query("CALL archive_old_tasks_in_batches(100, '0.3 s')")).rejects.toThrow(/statement timeout/);
    const done = Number(await owner("SELECT count(*) FROM task_archive"));
    expect(done).toBeGreaterThanOrEqual(100);
    expect(done % 100).toBe(0);
    expect(done).toBeLessThan(due);
    expect(await bothTables(database)).toBe(before);
    await client.query("RESET statement_timeout");
    await client.query("CALL archive_old_tasks_in_batches()");
    await client.end();
    expect(await owner("SELECT count(*) FROM task_archive")).toBe(String(due));
    expect(await bothTables(database)).toBe(before);
  });

  it.each([["0"], ["-1"], ["100001"], ["NULL"]])("refuses a batch size of %s", async (size) => {
    await expect(owner(`CALL archive_old_tasks_in_batches(${size})`)).rejects.toThrow(
      `batch_size is ${size}: it has to be from 1 to 100000`,
    );
  });

  it("leaves a task that somebody works at to the next run, and does not wait for it", async () => {
    const due = await loadBacklog(database, 2000);
    const client = await database.connect();
    await client.query("BEGIN");
    const { rowCount } = await client.query(
      `SELECT FROM "Task" WHERE "id" IN (SELECT "id" FROM "Task" WHERE ${DUE} LIMIT 7) FOR UPDATE`,
    );
    expect(rowCount).toBe(7);
    await owner("SELECT archive_old_tasks()");
    expect(await owner("SELECT count(*) FROM task_archive")).toBe(String(due - 7));
    await client.query("COMMIT");
    await client.end();
    await owner("SELECT archive_old_tasks()");
    expect(await owner("SELECT count(*) FROM task_archive")).toBe(String(due));
  });

  it("takes a task that was reopened meanwhile no more", async () => {
    await owner(
      `INSERT INTO "Task" ("id", "title", "status", "completedAt") VALUES ('again', '', 'COMPLETED', '2025-01-01')`,
    );
    await database.psql(`UPDATE "Task" SET "status" = 'OPEN' WHERE "id" = 'again'`);
    await owner("SELECT archive_old_tasks()");
    expect(await owner('SELECT count(*) FROM "Task"')).toBe("1");
  });

  it('a task that was put back into "Task", and is due again, replaces its older copy', async () => {
    await owner(
      `INSERT INTO "Task" ("id", "title", "status", "createdAt", "completedAt") VALUES ('x', 'first', 'COMPLETED', '2025-01-01', '2025-01-02')`,
    );
    await owner("SELECT archive_old_tasks()");
    await owner(
      `INSERT INTO "Task" SELECT * FROM task_archive; UPDATE "Task" SET "title" = 'second', "completedAt" = '2025-02-03'`,
    );
    await owner("CALL archive_old_tasks_in_batches()");
    expect(await owner('SELECT "title", "completedAt" FROM task_archive')).toBe("second|2025-02-03 00:00:00");
    expect(await owner('SELECT count(*) FROM "Task"')).toBe("0");
  });

  it("takes columns along that later migrations add to both tables, and moves nothing when one is missing", async () => {
    await owner(`ALTER TABLE "Task" ADD "extra, column" int; INSERT INTO "Task" ("id", "title", "status", "completedAt", "extra, column")
      VALUES ('e', '', 'COMPLETED', '2025-01-01', 42)`);
    await expect(owner("SELECT archive_old_tasks()")).rejects.toThrow(
      /column "extra, column" of relation "task_archive" does not exist/,
    );
    expect(await owner('SELECT count(*) FROM "Task"')).toBe("1");
    await owner('ALTER TABLE task_archive ADD "extra, column" int; SELECT archive_old_tasks()');
    expect(await owner('SELECT "extra, column" FROM task_archive')).toBe("42");
    await owner('ALTER TABLE "Task" DROP "extra, column"; ALTER TABLE task_archive DROP "extra, column"');
  });

  it("runs at once share the work", async () => {
    const due = await loadBacklog(database, 10_000);
    const before = await bothTables(database);
    await Promise.all([
      owner("CALL archive_old_tasks_in_batches(100)"),
      owner("SELECT archive_old_tasks()"),
      owner("CALL archive_old_tasks_in_batches(333)"),
    ]);
    await owner("SELECT archive_old_tasks()");
    expect(await owner("SELECT count(*) FROM task_archive")).toBe(String(due));
    expect(await bothTables(database)).toBe(before);
  });

  it.each(["app", "readonly", "replication"] as const)("role %s may not archive", async (role) => {
    await owner(
      `INSERT INTO "Task" ("id", "title", "status", "completedAt") VALUES ('x', '', 'COMPLETED', '2025-01-01')`,
    );
    await expect(database.psql("SELECT archive_old_tasks()", role)).rejects.toThrow(/permission denied/);
    await expect(database.psql("CALL archive_old_tasks_in_batches()", role)).rejects.toThrow(/permission denied/);
    expect(await owner('SELECT count(*) FROM "Task"')).toBe("1");
  });
});
