import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentChecksums, contentDifferences } from "../../../local/sqlite/checksum";

type Value = null | bigint | number | string | Buffer;

/** The encoding as the documentation of `contentChecksums` tells it, written a second time and without SQL. */
function encode(value: Value): Buffer {
  if (value === null) return Buffer.from("n");
  if (typeof value === "bigint") return Buffer.from(`i${value};`);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return Buffer.from(`r${bytes.toString("hex")}`);
  }
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from(`${typeof value === "string" ? "t" : "b"}${bytes.length}:`), bytes]);
}

const digest = (rows: Value[][]): string =>
  createHash("sha256")
    .update(Buffer.concat(rows.flat().map(encode)))
    .digest("hex");

const sumOf = (db: Database.Database, name: string) =>
  contentChecksums(db).tables.find((table) => table.name === name) ?? { name, rows: -1, sha256: "" };

const value = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("a\0b", "\0", "", "n", "i1;", "t1:x"),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

describe("content checksums", () => {
  it("agree with the documented encoding for every kind of value, with and without a rowid", () => {
    const row = fc.tuple(value, value, value);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const db = new Database(":memory:");
        db.exec("CREATE TABLE t(a, b, c); CREATE TABLE w(k INTEGER PRIMARY KEY, a, b, c) WITHOUT ROWID");
        const insert = db.prepare("INSERT INTO t VALUES (?, ?, ?)");
        const insertKeyed = db.prepare("INSERT INTO w VALUES (?, ?, ?, ?)");
        rows.forEach((values, index) => {
          insert.run(values);
          insertKeyed.run(BigInt(index), ...values);
        });
        expect(sumOf(db, "t")).toEqual({ name: "t", rows: rows.length, sha256: digest(rows) });
        const keyed = rows.map((values, index) => [BigInt(index), ...values]);
        expect(sumOf(db, "w")).toEqual({ name: "w", rows: rows.length, sha256: digest(keyed) });
        db.close();
      }),
      { numRuns: 200 },
    );
  });

  it("reads tables of many rows, extreme row keys and large values completely and in order", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, x)");
    const insert = db.prepare("INSERT INTO t VALUES (?, ?)");
    const rows: Value[][] = [[-(2n ** 63n), "first"]];
    for (let id = -1500n; id < 1500n; id += 1n) rows.push([id, `row ${id}`]);
    rows.push([10_000n, Buffer.alloc(3_000_000, 7)], [2n ** 63n - 1n, "last"]);
    for (const row of [...rows].reverse()) insert.run(row);
    expect(sumOf(db, "t")).toEqual({ name: "t", rows: rows.length, sha256: digest(rows) });
  });

  it("see what a reader through JavaScript strings would not: invalid UTF-8, NUL, '' against NULL, 1 against 1.0", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t(x)");
    const sums = [
      "CAST(x'80' AS TEXT)",
      "CAST(x'81' AS TEXT)",
      "x'80'",
      "''",
      "x''",
      "NULL",
      "1",
      "1.0",
      "'1'",
      "'a' || char(0)",
      "'a'",
    ].map((expression) => {
      db.exec(`DELETE FROM t; INSERT INTO t VALUES (${expression})`);
      return sumOf(db, "t").sha256;
    });
    expect(new Set(sums).size).toBe(sums.length);
  });

  it("do not depend on page layout, row keys, indexes or statistics", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t(x); CREATE INDEX i ON t(x)");
    const insert = db.prepare("INSERT INTO t VALUES (?)");
    for (let count = 0; count < 3000; count += 1) insert.run(`value ${count}`);
    db.exec("DELETE FROM t WHERE rowid % 3 = 0");
    const before = contentChecksums(db);
    db.exec("VACUUM; ANALYZE; REINDEX");
    expect(contentDifferences(before, contentChecksums(db))).toEqual(["table sqlite_schema has 4 rows instead of 2"]);
  });

  it("cope with names, keys and columns of every sort", () => {
    const db = new Database(":memory:");
    db.exec(`CREATE TABLE "a ""quoted"" name"("select" TEXT, rowid INTEGER, _rowid_ INTEGER, oid INTEGER);
      INSERT INTO "a ""quoted"" name" VALUES ('x', 3, 2, 1), ('y', 1, 2, 3);
      CREATE TABLE w(b TEXT, a TEXT COLLATE NOCASE, n INTEGER, PRIMARY KEY (a DESC, b)) WITHOUT ROWID;
      INSERT INTO w VALUES ('2', 'a', 1), ('1', 'a', 2), ('1', 'B', 3);
      CREATE TABLE g(a INTEGER, v INTEGER AS (a * 2) VIRTUAL, s INTEGER AS (a * 3) STORED);
      INSERT INTO g(a) VALUES (1), (2);
      CREATE TABLE empty(x)`);
    expect(sumOf(db, 'a "quoted" name').sha256).toBe(
      digest(
        [
          ["x", 3n, 2n, 1n],
          ["y", 1n, 2n, 3n],
        ].sort() as Value[][],
      ),
    );
    expect(sumOf(db, "w").sha256).toBe(
      digest([
        ["1", "B", 3n],
        ["1", "a", 2n],
        ["2", "a", 1n],
      ]),
    );
    expect(sumOf(db, "g").sha256).toBe(
      digest([
        [1n, 3n],
        [2n, 6n],
      ]),
    );
    expect(sumOf(db, "empty")).toEqual({ name: "empty", rows: 0, sha256: digest([]) });
  });

  it("read a table of 2,000 columns", () => {
    const db = new Database(":memory:");
    const names = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    db.exec(`CREATE TABLE wide(${names.join(",")}); INSERT INTO wide(c0, c1999) VALUES (1, 2)`);
    expect(sumOf(db, "wide").sha256).toBe(digest([[1n, ...names.slice(2).map(() => null), 2n]]));
  });

  it("read virtual tables through themselves and say which inner tables were skipped", () => {
    const db = new Database(":memory:");
    db.exec(`CREATE VIRTUAL TABLE docs USING fts5(title, body); INSERT INTO docs VALUES ('one', 'first'), ('two', 'second');
      CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0.5, 1.5)`);
    const before = contentChecksums(db);
    expect(before.skipped.map((table) => table.name)).toEqual([
      "boxes_node",
      "boxes_parent",
      "boxes_rowid",
      "docs_config",
      "docs_content",
      "docs_data",
      "docs_docsize",
      "docs_idx",
    ]);
    expect(sumOf(db, "docs")).toMatchObject({
      rows: 2,
      sha256: digest([
        ["one", "first"],
        ["two", "second"],
      ]),
    });
    db.exec("UPDATE docs SET body = 'changed' WHERE title = 'two'; UPDATE boxes SET x1 = 2");
    expect(contentDifferences(before, contentChecksums(db))).toEqual([
      "table boxes has other content in its 1 rows",
      "table docs has other content in its 2 rows",
    ]);
  });

  it("work on a UTF-16 database, blobs and odd bytes included", () => {
    const sums = ["x'000102'", "x'000103'", "x'0001'", "'ä\u{1F600}'", "CAST(x'00d8' AS TEXT)"].map((expression) => {
      const db = new Database(":memory:");
      db.pragma("encoding = 'UTF-16le'");
      db.exec(`CREATE TABLE t(x); INSERT INTO t VALUES (${expression}), (1.5)`);
      expect(sumOf(db, "t").rows).toBe(2);
      return sumOf(db, "t").sha256;
    });
    expect(new Set(sums).size).toBe(sums.length);
  });

  it("name what differs between two contents", () => {
    const sum = (name: string, rows: number, sha256: string) => ({ name, rows, sha256 });
    const expected = { tables: [sum("a", 1, "x"), sum("b", 1, "x"), sum("c", 1, "x")], skipped: [] };
    const found = { tables: [sum("a", 2, "x"), sum("b", 1, "y"), sum("d", 1, "x")], skipped: [] };
    expect(contentDifferences(expected, expected)).toEqual([]);
    expect(contentDifferences(expected, found)).toEqual([
      "table a has 2 rows instead of 1",
      "table b has other content in its 1 rows",
      "table c is missing",
      "table d was not in the source",
    ]);
  });
});
