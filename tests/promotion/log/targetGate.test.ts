import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closeGate, gateOf, installTarget, openGate, removeTarget } from "../../../promotion/log/targetGate";
import { reverseLag } from "../../../promotion/log/targetLog";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { APP, newWorld, PLAN, type World } from "../replay/world";

let server: Postgres;
let world: World;
let app: Client;
let folder: string;

beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), "ladder-test-"));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
async function begin(): Promise<void> {
  world = await newWorld(server, folder);
  app = await world.connectAs("app");
}

const INSERT = "INSERT INTO person (mail) VALUES ('a')";
const WRITES = [
  INSERT,
  "UPDATE person SET note = 'x'",
  "DELETE FROM person",
  "TRUNCATE person",
  "INSERT INTO person (id) VALUES (1) ON CONFLICT DO NOTHING",
  "MERGE INTO person AS p USING (SELECT 1) AS n ON false WHEN NOT MATCHED THEN INSERT (mail) VALUES ('m')",
  "INSERT INTO unknown_to_sqlite VALUES (1)",
];

/** What the log holds, as `table:key`, in any order. */
async function logged(): Promise<string[]> {
  const { rows } = await world.client.query<{ entry: string }>(
    "SELECT tbl || ':' || coalesce(key::text, 'all') AS entry FROM ladder_promotion.changes ORDER BY 1",
  );
  return rows.map(({ entry }) => entry);
}

describe("the gate of PostgreSQL", () => {
  beforeEach(async () => {
    await begin();
    await installTarget(world.client, PLAN, world.run.id);
  });
  afterEach(() => world.end());

  it("refuses the application and the owner until it is opened, and again when it is closed", async () => {
    const owner = await world.connectAs("owner");
    expect(await gateOf(world.client)).toBe("closed");
    for (const client of [app, owner])
      for (const sql of WRITES)
        await expect(client.query(sql), sql).rejects.toThrow("ladder: this database is not serving yet");
    await openGate(world.client);
    expect(await gateOf(world.client)).toBe("open");
    for (const sql of WRITES) await app.query(sql);
    await owner.query(INSERT);
    await closeGate(world.client);
    expect(await gateOf(world.client)).toBe("closed");
    for (const client of [app, owner])
      for (const sql of WRITES)
        await expect(client.query(sql), sql).rejects.toThrow("ladder: this database is no longer serving");
    expect((await app.query("SELECT * FROM person")).rowCount).toBe(3);
  });

  it("lets ladder's own sessions write at all times, and logs nothing of theirs", async () => {
    await world.client.query(INSERT);
    await openGate(world.client);
    await world.client.query("UPDATE person SET mail = 'b'; TRUNCATE person");
    expect(await reverseLag(world.client)).toEqual({ changes: 0 });
  });

  it("can be made, opened and closed twice", async () => {
    await installTarget(world.client, PLAN, world.run.id);
    await openGate(world.client);
    await openGate(world.client);
    await app.query(INSERT);
    await closeGate(world.client);
    await closeGate(world.client);
    await installTarget(world.client, PLAN, world.run.id);
    expect(await logged()).toEqual(["person:{1}"]);
  });

  it("is closed for a transaction that began before, and whose snapshot shows it open", async () => {
    await openGate(world.client);
    await app.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await app.query("SELECT * FROM person");
    await closeGate(world.client);
    await expect(app.query(INSERT)).rejects.toThrow("no longer serving");
  });

  it("is closed only when all who wrote have ended, and has what they wrote", async () => {
    await openGate(world.client);
    await app.query("BEGIN");
    await app.query(INSERT);
    let closed = false;
    const closing = closeGate(world.client).then(() => {
      closed = true;
    });
    const watch = await world.connectAs("owner");
    for (let waiting = 0; waiting === 0; ) {
      const { rows } = await watch.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'person'::regclass");
      waiting = rows.length;
    }
    expect(closed).toBe(false);
    await app.query("COMMIT");
    await closing;
    expect(await logged()).toEqual(["person:{1}"]);
  });

  it("is closed in spite of writers that take the tables in another order", async () => {
    await openGate(world.client);
    await app.query("BEGIN");
    await app.query("INSERT INTO tag (name) VALUES ('t')");
    const closing = closeGate(world.client);
    const watch = await world.connectAs("owner");
    for (let waiting = 0; waiting === 0; ) {
      const { rows } = await watch.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'tag'::regclass");
      waiting = rows.length;
    }
    // Ladder lets go, and begins again with the other table: the application's transaction goes through.
    await app.query(INSERT);
    await app.query("COMMIT");
    await closing;
    expect(await gateOf(world.client)).toBe("closed");
    expect(await logged()).toEqual(["person:{1}", "tag:{t}"]);
  });

  it("is removed in spite of writers that take the tables in another order", async () => {
    await openGate(world.client);
    await app.query("BEGIN");
    await app.query(INSERT);
    const removing = removeTarget(world.client);
    const watch = await world.connectAs("owner");
    for (let waiting = 0; waiting === 0; ) {
      const { rows } = await watch.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'person'::regclass");
      waiting = rows.length;
    }
    await app.query("INSERT INTO tag (name) VALUES ('t')");
    await app.query("COMMIT");
    await removing;
    expect(await gateOf(world.client)).toBeUndefined();
  });

  it("also closes over tables that the application made meanwhile, and notes what is in them", async () => {
    await openGate(world.client);
    const owner = await world.connectAs("owner");
    await owner.query("CREATE TABLE fresh (id int); CREATE TABLE bare (id int); INSERT INTO fresh VALUES (1)");
    await closeGate(world.client);
    await expect(owner.query("INSERT INTO fresh VALUES (2)")).rejects.toThrow("no longer serving");
    expect(await logged()).toEqual(["fresh:all"]);
  });

  it("leaves nothing of itself when it is removed", async () => {
    await openGate(world.client);
    await removeTarget(world.client);
    expect(await gateOf(world.client)).toBeUndefined();
    await app.query(INSERT);
    const left = await world.client.query(
      "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'ladder_promotion'::regnamespace UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'ladder_promotion'::regnamespace",
    );
    expect(left.rows).toEqual([]);
    await removeTarget(world.client);
  });
});

describe("the change log of PostgreSQL", () => {
  beforeAll(async () => {
    await begin();
    await world.client.query(
      `CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE);
       CREATE TABLE parted (id int, v text) PARTITION BY LIST (id); CREATE TABLE part_1 PARTITION OF parted FOR VALUES IN (1);
       CREATE TABLE dated (at timestamp PRIMARY KEY); CREATE TABLE hidden (id int PRIMARY KEY);
       ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; CREATE POLICY write ON hidden FOR INSERT WITH CHECK (true);
       GRANT ALL ON ALL TABLES IN SCHEMA public TO ${APP}`,
    );
    const [person] = PLAN.tables;
    if (person === undefined) throw new Error("no table");
    const keyed: [string, string][] = [
      ["parent", "id"],
      ["child", "id"],
      ["dated", "at"],
      ["hidden", "id"],
    ];
    const more = keyed.map(([target, key]) => ({
      ...person,
      source: target,
      target,
      sourceKey: [key],
      targetKey: [key],
    }));
    await installTarget(world.client, { ...PLAN, tables: [...PLAN.tables, ...more] }, world.run.id);
    await openGate(world.client);
  });
  afterAll(() => world.end());
  beforeEach(async () => {
    await world.client.query(
      `TRUNCATE person, pair, parent, child, ladder_promotion.changes;
       INSERT INTO person (id) VALUES (1), (2); INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1)`,
    );
  });

  it.each([
    ["INSERT of several", "INSERT INTO person (id) VALUES (7), (8)", ["person:{7}", "person:{8}"]],
    ["UPDATE", "UPDATE person SET note = 'x' WHERE id = 1", ["person:{1}"]],
    ["UPDATE of the key", "UPDATE person SET id = 9 WHERE id = 1", ["person:{1}", "person:{9}"]],
    ["UPDATE of nothing", "UPDATE person SET note = 'x' WHERE id = 99", []],
    ["DELETE", "DELETE FROM person", ["person:{1}", "person:{2}"]],
    ["TRUNCATE", "TRUNCATE person", ["person:all"]],
    [
      "an upsert",
      "INSERT INTO person (id) VALUES (1), (5) ON CONFLICT (id) DO UPDATE SET note = 'u'",
      ["person:{1}", "person:{5}"],
    ],
    [
      "MERGE",
      "MERGE INTO person AS p USING (VALUES (1), (2), (6)) AS n(id) ON p.id = n.id WHEN MATCHED AND p.id = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET note = 'm' WHEN NOT MATCHED THEN INSERT (id) VALUES (n.id)",
      ["person:{1}", "person:{2}", "person:{6}"],
    ],
    ["a cascade", "DELETE FROM parent", ["child:{1}", "parent:{1}"]],
    ["a composite key with quotes", `INSERT INTO pair VALUES (1, 'a"b,c')`, [String.raw`pair:{1,"a\"b,c"}`]],
    ["a partition", "INSERT INTO parted VALUES (1, 'x')", ["parted:all"]],
    ["a partition by its own name", "INSERT INTO part_1 VALUES (1, 'x')", ["part_1:all"]],
    ["a table without a key", "INSERT INTO line VALUES ('x', 1)", ["line:all"]],
    [
      "a time in a key, whatever the session shows",
      "SET DateStyle = 'SQL, DMY'; INSERT INTO dated VALUES ('2024-02-01 10:00:00')",
      [`dated:{"2024-02-01 10:00:00"}`],
    ],
    ["rows that row security hides from whom writes them", "INSERT INTO hidden VALUES (1)", ["hidden:{1}"]],
    ["what was rolled back", "BEGIN; DELETE FROM person; ROLLBACK", []],
  ])("holds keys of %s", async (_what, sql, entries) => {
    await app.query(sql);
    expect(await logged()).toEqual(entries);
    const { changes, since } = await reverseLag(world.client);
    expect([changes, since !== undefined]).toEqual([entries.length, entries.length > 0]);
  });
});
