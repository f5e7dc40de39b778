import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { closeSource, reopenSource } from "../../../../promotion/log/sourceGate";
import {
  dirtyCounts,
  installSourceLog,
  keysSince,
  removeSourceLog,
  sourceMark,
  trimLog,
} from "../../../../promotion/log/sourceLog";
import type { Plan } from "../../../../promotion/model";
import { temporaryFolder } from "../../../support/temporary";
import { planOf, table } from "./plans";

/** A database whose log begins after `before`, and the keys that `work` leaves in it for the first table. */
function logged(schema: string, plan: Plan, work: string): unknown[] {
  const db = new Database(":memory:");
  db.exec(schema);
  installSourceLog(db, plan);
  db.exec(work);
  const [first] = plan.tables;
  if (first === undefined) throw new Error("no table");
  const keys = keysSince(db, first, 0n).map((key) =>
    key.map((value) => (typeof value === "bigint" ? Number(value) : value)),
  );
  return keys.map((key) => (key.length === 1 ? key[0] : key)).sort();
}

describe("the key-log of SQLite", () => {
  const users =
    "CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, n INT); INSERT INTO u VALUES (1, 'a', 1), (2, 'b', 2), (3, NULL, 3), (-1, 'x', 0);";
  const plan = planOf(table("u", ["id"], { rowid: "id" }));

  it.each([
    ["insert", "INSERT INTO u (mail) VALUES ('c')", [4]],
    ["insert of several", "INSERT INTO u VALUES (7, 'e', 1), (9, 'f', 1)", [7, 9]],
    ["update", "UPDATE u SET n = 9 WHERE id = 2", [2]],
    ["update that changes nothing", "UPDATE u SET n = 9 WHERE id = 77", []],
    ["delete", "DELETE FROM u WHERE id = 2", [2]],
    ["delete of all", "DELETE FROM u", [-1, 1, 2, 3]],
    ["a changed key", "UPDATE u SET id = 20 WHERE id = 2", [2, 20]],
    ["a key changed by its other name", "UPDATE u SET rowid = 20 WHERE id = 2", [2, 20]],
    ["REPLACE of a row by its key", "REPLACE INTO u VALUES (1, 'q', 1)", [1]],
    ["REPLACE that takes another row away", "REPLACE INTO u VALUES (9, 'a', 1)", [1, 9]],
    ["REPLACE that takes two rows away", "REPLACE INTO u VALUES (1, 'b', 1)", [1, 2]],
    [
      "REPLACE that takes row -1 away, the number that a new row has before it has one",
      "REPLACE INTO u (mail) VALUES ('x')",
      [-1, 4],
    ],
    ["REPLACE with NULL, which meets nothing", "REPLACE INTO u VALUES (9, NULL, 1)", [9]],
    ["UPDATE OR REPLACE", "UPDATE OR REPLACE u SET mail = 'a' WHERE id = 2", [1, 2]],
    ["UPDATE OR REPLACE of the key", "UPDATE OR REPLACE u SET id = 1 WHERE id = 2", [1, 2]],
    ["an upsert by the key", "INSERT INTO u VALUES (1, 'z', 1) ON CONFLICT (id) DO UPDATE SET n = 5", [1]],
    ["an upsert by another column", "INSERT INTO u VALUES (9, 'a', 1) ON CONFLICT (mail) DO UPDATE SET n = 5", [1]],
  ])("holds what is written: %s (C-24)", (_what, work, keys) => {
    expect(logged(users, plan, work)).toEqual(keys);
  });

  it.each([
    ["recursive triggers", "PRAGMA recursive_triggers = ON; REPLACE INTO u VALUES (9, 'a', 1)", [1, 9]],
    ["a transaction that is rolled back", "BEGIN; DELETE FROM u; ROLLBACK", []],
    [
      "a savepoint that is rolled back",
      "BEGIN; SAVEPOINT a; DELETE FROM u; ROLLBACK TO a; UPDATE u SET n = 0 WHERE id = 1; COMMIT",
      [1],
    ],
    ["VACUUM", "UPDATE u SET n = 0 WHERE id = 1; VACUUM", [1]],
  ])("is right with %s", (_what, work, keys) => {
    expect(logged(users, plan, work)).toEqual(keys);
  });

  it("sees what the application's own triggers and foreign keys do", () => {
    const schema = `PRAGMA foreign_keys = ON;
      CREATE TABLE u (id INTEGER PRIMARY KEY, boss INT REFERENCES u(id) ON DELETE CASCADE, seen INT DEFAULT 0);
      CREATE TABLE other (id INTEGER PRIMARY KEY);
      CREATE TRIGGER touch AFTER UPDATE OF boss ON u BEGIN UPDATE u SET seen = seen + 1 WHERE id = NEW.id OR id = 5; END;
      CREATE TRIGGER fill AFTER INSERT ON other BEGIN INSERT OR REPLACE INTO u (id) VALUES (NEW.id); END;
      INSERT INTO u (id, boss) VALUES (1, NULL), (2, 1), (3, 2), (5, NULL);`;
    expect(logged(schema, plan, "DELETE FROM u WHERE id = 1")).toEqual([1, 2, 3]);
    expect(logged(schema, plan, "UPDATE u SET boss = NULL WHERE id = 3")).toEqual([3, 5]);
    expect(logged(schema, plan, "INSERT INTO other VALUES (5)")).toEqual([5]);
    // The statement's clause overrides that of the trigger, and row 5 stays as it was.
    expect(logged(schema, plan, "INSERT OR IGNORE INTO other VALUES (5)")).toEqual([]);
  });

  it("finds the rows that REPLACE takes away by partial, composite, generated and collated unique indexes", () => {
    const schema = `CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT, b INT, g AS (b * 2), c TEXT COLLATE NOCASE);
      CREATE UNIQUE INDEX partial ON u (a) WHERE b > 10; CREATE UNIQUE INDEX pair ON u (c, b);
      CREATE UNIQUE INDEX generated ON u (g) WHERE g > 1000; CREATE UNIQUE INDEX loud ON u (a COLLATE NOCASE) WHERE b > 100;
      INSERT INTO u (id, a, b, c) VALUES (1, 'a', 11, 'x'), (2, 'b', 600, 'y'), (3, 'c', 200, 'z');`;
    expect(logged(schema, plan, "REPLACE INTO u (id, a, b) VALUES (9, 'a', 12)")).toEqual([1, 9]);
    expect(logged(schema, plan, "REPLACE INTO u (id, c, b) VALUES (9, 'X', 11)")).toEqual([1, 9]);
    expect(logged(schema, plan, "REPLACE INTO u (id, b) VALUES (9, 600)")).toEqual([2, 9]);
    expect(logged(schema, plan, "UPDATE OR REPLACE u SET b = 600 WHERE id = 3")).toEqual([2, 3]);
    expect(logged(schema, plan, "REPLACE INTO u (id, a, b) VALUES (9, 'C', 201)")).toEqual([3, 9]);
    expect(logged(schema, plan, "UPDATE OR REPLACE u SET a = 'C' WHERE id = 2")).toEqual([2, 3]);
  });

  it("knows text keys, also those that a collation takes for equal, and rows that are taken away by their hidden number", () => {
    const schema =
      "CREATE TABLE u (k TEXT COLLATE NOCASE PRIMARY KEY, n INT); INSERT INTO u VALUES ('a', 1), ('b', 2);";
    const text = planOf(table("u", ["k"]));
    expect(logged(schema, text, "REPLACE INTO u VALUES ('A', 1)")).toEqual(["A", "a"]);
    expect(logged(schema, text, "UPDATE u SET k = 'A' WHERE k = 'a'")).toEqual(["A", "a"]);
    expect(logged(schema, text, "REPLACE INTO u (rowid, k) VALUES (2, 'c')")).toEqual(["b", "c"]);
    expect(logged(schema, text, "UPDATE OR REPLACE u SET _rowid_ = 2 WHERE k = 'a'")).toEqual(["a", "b"]);
  });

  it("knows composite keys of tables without a rowid, and tells 1 from 1.0", () => {
    const schema =
      "CREATE TABLE u (a, b TEXT, n INT UNIQUE, PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO u VALUES (1, 'x', 1), (2, 'y', 2);";
    const pair = planOf(table("u", ["a", "b"]));
    expect(logged(schema, pair, "UPDATE u SET n = 5 WHERE a = 1")).toEqual([[1, "x"]]);
    expect(logged(schema, pair, "REPLACE INTO u VALUES (3, 'z', 2)")).toEqual([
      [2, "y"],
      [3, "z"],
    ]);
    expect(logged(schema, pair, "UPDATE u SET a = 1.0 WHERE a = 1")).toHaveLength(2);
    expect(logged(schema, pair, "REPLACE INTO u VALUES (1.0, 'x', 7)")).toHaveLength(2);
  });

  it("keeps values as they are stored: bytes, texts with NUL or broken bytes, large numbers", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE u (k PRIMARY KEY)");
    installSourceLog(db, planOf(table("u", ["k"])));
    db.exec(
      "INSERT INTO u VALUES (x'00ff'), ('a' || char(0) || 'b'), (9223372036854775807), (1.5), (CAST(x'ff' AS TEXT)), (NULL)",
    );
    const keys = keysSince(db, table("u", ["k"]), 0n).map(([key]) => key);
    expect(keys).toHaveLength(6);
    expect(keys).toContain("a\0b");
    expect(keys).toContain(9223372036854775807n);
    expect(keys).toContainEqual(Buffer.from([0, 255]));
    expect(keys).toContain(null);
    expect(keys).toContainEqual({ bytes: Buffer.from([255]) });
  });

  it("counts writes of a table without a key", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE u (a)");
    installSourceLog(db, planOf(table("u", [])));
    expect(dirtyCounts(db).get("u")).toBe(0n);
    db.exec("INSERT INTO u VALUES (1), (2); UPDATE u SET a = 3 WHERE a = 1; DELETE FROM u WHERE a = 2");
    expect(dirtyCounts(db).get("u")).toBe(4n);
    expect(keysSince(db, table("u", []), 0n)).toEqual([]);
  });

  it("hides itself from the application: numbers of rows and last ids, RETURNING, and every conflict clause", () => {
    const db = new Database(":memory:");
    db.exec(users);
    installSourceLog(db, plan);
    db.exec("INSERT INTO u (id, mail) VALUES (100, 'new')");
    expect(db.prepare("SELECT last_insert_rowid()").pluck().get()).toBe(100);
    db.exec("UPDATE u SET n = 1");
    expect(db.prepare("SELECT changes()").pluck().get()).toBe(5);
    expect(db.prepare("INSERT INTO u (mail) VALUES ('r') RETURNING id").pluck().get()).toBe(101);
    for (const clause of ["ABORT", "FAIL", "ROLLBACK"])
      expect(() => db.exec(`INSERT OR ${clause} INTO u VALUES (500, 'a', 1)`)).toThrow(
        "UNIQUE constraint failed: u.mail",
      );
    for (const clause of ["IGNORE", "REPLACE"]) db.exec(`INSERT OR ${clause} INTO u VALUES (1, 'a', 1)`);
    for (const clause of ["IGNORE", "REPLACE", "ABORT", "FAIL", "ROLLBACK"])
      db.exec(`UPDATE OR ${clause} u SET n = n + 1`);
    expect(db.prepare("SELECT count(*) FROM u").pluck().get()).toBe(6);
  });

  it("gives marks that only grow, also when the log is trimmed", () => {
    const db = new Database(":memory:");
    db.exec(users);
    installSourceLog(db, plan);
    expect(sourceMark(db)).toBe(0n);
    db.exec("UPDATE u SET n = 0");
    const mark = sourceMark(db);
    expect(mark).toBe(4n);
    trimLog(db, mark);
    expect(sourceMark(db)).toBe(mark);
    const [first] = plan.tables;
    if (first === undefined) throw new Error("no table");
    expect(keysSince(db, first, mark)).toEqual([]);
    db.exec("UPDATE u SET n = 1 WHERE id = 1");
    expect(keysSince(db, first, mark)).toEqual([[1n]]);
  });

  it("finds the rows that REPLACE takes away by unique indexes over expressions", () => {
    const schema = `CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT, "odd name" INT, doc TEXT);
      CREATE UNIQUE INDEX lower_mail ON u (lower(trim(mail, ',')), "odd name" + 1 DESC) WHERE mail IS NOT NULL;
      CREATE UNIQUE INDEX inside ON u (json_extract(doc, '$.n') COLLATE NOCASE);
      INSERT INTO u VALUES (1, 'A', 1, NULL), (2, 'b', 2, '{"n": "x"}')`;
    expect(logged(schema, plan, "REPLACE INTO u VALUES (9, 'a,', 1, NULL)")).toEqual([1, 9]);
    expect(logged(schema, plan, "REPLACE INTO u VALUES (9, 'a', 2, NULL)")).toEqual([9]);
    expect(logged(schema, plan, `REPLACE INTO u VALUES (9, 'c', 2, '{"n": "X"}')`)).toEqual([2, 9]);
    expect(logged(schema, plan, `UPDATE OR REPLACE u SET mail = ',B', "odd name" = 2 WHERE id = 1`)).toEqual([1, 2]);
    expect(logged(schema, plan, "UPDATE u SET mail = 'a' WHERE id = 1")).toEqual([1]);
  });

  it("is made once, and refuses to be made over another promotion's", () => {
    const db = new Database(":memory:");
    db.exec(users);
    installSourceLog(db, plan);
    db.exec("UPDATE u SET n = 0");
    installSourceLog(db, plan);
    expect(sourceMark(db)).toBe(4n);
    expect(() => installSourceLog(db, planOf(table("u", ["mail"], { target: "other" })))).toThrow("another promotion");
  });

  it("waits for the application's transaction, and says so when it is too long", () => {
    const path = `${temporaryFolder()}/app.db`;
    const app = new Database(path);
    app.exec(`PRAGMA journal_mode = WAL; ${users}`);
    const db = new Database(path, { timeout: 50 });
    app.exec("BEGIN IMMEDIATE");
    expect(() => installSourceLog(db, plan)).toThrow(/app\.db was locked by another program .* nothing was changed/);
    app.exec("COMMIT");
    installSourceLog(db, plan);
    // A statement that the application prepared before is logged too.
    app.prepare("UPDATE u SET n = 0 WHERE id = 1").run();
    expect(sourceMark(db)).toBe(1n);
    db.close();
    app.close();
  });

  it("leaves nothing behind", () => {
    const db = new Database(":memory:");
    db.exec(users);
    const setup: Plan = {
      ...plan,
      sourceSetup: ["CREATE TABLE IF NOT EXISTS _ladder_side (a)"],
      sourceTeardown: ["DROP TABLE IF EXISTS _ladder_side"],
    };
    const schema = () => db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").all();
    const before = schema();
    installSourceLog(db, setup);
    closeSource(db, setup, { id: "1" });
    reopenSource(db, { id: "1" });
    expect(schema()).not.toEqual(before);
    removeSourceLog(db, setup);
    expect(schema()).toEqual(before);
    removeSourceLog(db, setup);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
  });
});
