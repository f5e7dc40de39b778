import { spawnSync } from "node:child_process";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentChecksums, contentDifferences } from "../../../../local/sqlite/checksum";
import { dumpSql } from "../../../../promotion/export/dump";
import { temporaryFolder } from "../../../support/temporary";

const dumpOf = (db: Database.Database): string => [...dumpSql(db)].join("");

/** What a new database holds after the dump was loaded. */
function loaded(sql: string): Database.Database {
  const file = join(temporaryFolder(), "loaded.sqlite");
  const db = new Database(file);
  // Virtual tables are put back into the schema by hand, as sqlite3's own dump does it.
  db.unsafeMode(true);
  db.exec(sql);
  db.close();
  return new Database(file);
}

function expectSame(from: Database.Database): void {
  const to = loaded(dumpOf(from));
  expect(contentDifferences(contentChecksums(from), contentChecksums(to))).toEqual([]);
  expect(to.pragma("integrity_check", { simple: true })).toBe("ok");
  to.close();
}

const AWKWARD = `
  PRAGMA foreign_keys = OFF; PRAGMA user_version = 7; PRAGMA application_id = -5;
  CREATE TABLE "odd ""name""" ("a b" INTEGER PRIMARY KEY AUTOINCREMENT, x, "select" TEXT COLLATE NOCASE CHECK ("select" <> 'no'));
  INSERT INTO "odd ""name""" VALUES (9223372036854775807, x'', 'it''s'), (-5, 1e999, 'a' || char(13) || char(10) || 'b'), (3, -1e999, 'a' || char(0) || 'b');
  DELETE FROM "odd ""name""" WHERE "a b" = 3;
  CREATE TABLE log (t TEXT);
  CREATE TABLE plain (a, b REAL, c AS (a + 1) VIRTUAL, d AS (a * 2) STORED);
  CREATE TRIGGER on_insert AFTER INSERT ON plain BEGIN INSERT INTO log VALUES ('fired'); END;
  INSERT INTO plain (a, b) VALUES (-9223372036854775808, 0.1 + 0.2), (CAST(x'ff00fe' AS TEXT), -0.0), (';--', 5e-324);
  DELETE FROM plain WHERE a = ';--'; INSERT INTO plain (rowid, a, b) VALUES (77, 'kept rowid', 1.7976931348623157e308);
  CREATE TABLE keyed (k TEXT, l INTEGER, PRIMARY KEY (k, l)) WITHOUT ROWID;
  INSERT INTO keyed VALUES ('b', 2), ('a', 1);
  CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id)); INSERT INTO child VALUES (1, 99);
  CREATE TABLE parent (id INTEGER PRIMARY KEY);
  CREATE UNIQUE INDEX some ON plain (a) WHERE b > 0; CREATE INDEX expr ON plain (a || 'x' DESC);
  CREATE VIEW both AS SELECT * FROM plain, keyed;`;

describe("migration.sql", () => {
  it("S0-13: gives the same database when it is loaded again, whatever is in it", () => {
    const db = new Database(":memory:");
    db.exec(`${AWKWARD}; ANALYZE`);
    expectSame(db);
    const again = loaded(dumpOf(db));
    expect(again.prepare("SELECT rowid FROM plain ORDER BY 1").pluck().all()).toEqual([1, 2, 77]);
    expect([again.pragma("user_version", { simple: true }), again.pragma("application_id", { simple: true })]).toEqual([
      7, -5,
    ]);
    expect(again.prepare("SELECT seq FROM sqlite_sequence").pluck().safeIntegers().all()).toEqual([
      9223372036854775807n,
    ]);
  });

  it("S0-13: is loaded by the command line of sqlite3 too, where there is one", () => {
    const db = new Database(":memory:");
    db.exec(AWKWARD);
    const file = join(temporaryFolder(), "cli.sqlite");
    const { error, stderr } = spawnSync("sqlite3", ["-bail", file], { input: dumpOf(db), encoding: "utf8" });
    if (error !== undefined) return expect(error.message).toContain("ENOENT");
    expect(stderr).toBe("");
    expect(contentDifferences(contentChecksums(db), contentChecksums(new Database(file)))).toEqual([]);
  });

  it.each(["UTF-16le", "UTF-16be"])("keeps a database in %s", (encoding) => {
    const db = new Database(":memory:");
    db.exec(
      `PRAGMA encoding = '${encoding}'; CREATE TABLE t (x TEXT, y); INSERT INTO t VALUES ('é😀''', x'ff'), ('a' || char(0) || 'ü', 'r' || char(13))`,
    );
    expectSame(db);
  });

  it("keeps virtual tables, with what they hold", () => {
    const db = new Database(":memory:");
    db.exec(`CREATE VIRTUAL TABLE words USING fts5(title, body); INSERT INTO words VALUES ('one', 'the quick fox'), ('two', 'it''s lazy');
      CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0.1, 2.5)`);
    expectSame(db);
    const again = loaded(dumpOf(db));
    expect(again.prepare("SELECT title FROM words WHERE words MATCH 'lazy'").pluck().all()).toEqual(["two"]);
  });

  it("property: random rows of every kind come back to the last bit", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true }),
      fc.string({ unit: "binary" }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 40 }), (rows) => {
        const db = new Database(":memory:");
        db.exec("CREATE TABLE t (a, b TEXT, c REAL)");
        const insert = db.prepare("INSERT INTO t VALUES (?, ?, ?)");
        for (const row of rows) insert.run(...row);
        const to = new Database(":memory:");
        to.exec(dumpOf(db));
        expect(contentDifferences(contentChecksums(db), contentChecksums(to))).toEqual([]);
        db.close();
        to.close();
      }),
      { numRuns: 150 },
    );
  });
});
