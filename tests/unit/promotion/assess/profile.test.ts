import Database from "better-sqlite3";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { profileTable } from "../../../../promotion/assess/profile";
import type { ColumnProfile } from "../../../../promotion/model";
import { readSchema } from "../../../../promotion/source/schema";

let db: Database.Database;
beforeEach(() => {
  db = new Database(":memory:");
});
afterEach(() => {
  db.close();
});

function profiled(name = "t") {
  const table = readSchema(db).tables.find((one) => one.name === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return profileTable(db, table);
}

function column(declared: string, ...values: readonly string[]): ColumnProfile {
  db.exec(`CREATE TABLE t(c ${declared}); INSERT INTO t VALUES ${values.map((value) => `(${value})`).join(", ")}`);
  const [found] = profiled().columns;
  if (found === undefined) throw new Error("no column was profiled");
  return found;
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

describe("the profile of a column (C-22)", () => {
  it("counts the storage classes, and integers to the last of 64 bits", () => {
    const found = column("", "NULL", "9223372036854775807", "-9223372036854775808", "1.5", "'x'", "x'0102'");
    expect(found.classes).toEqual({ null: 1, integer: 2, real: 1, text: 1, blob: 1 });
    expect(found.integers).toEqual({ minimum: -9223372036854775808n, maximum: 9223372036854775807n });
    expect(found.longestBlobBytes).toBe(2);
  });

  it("counts reals that are infinite, whole, or were decimals that no double holds", () => {
    const found = column("REAL", "1e999", "-1e999", "3", "0.1", "0.1 + 0.2", "12.345", "1e300", "-2.5");
    expect(found.reals).toEqual({ minimum: -2.5, maximum: 1e300, infinite: 2, whole: 2 });
    expect(found.numbers?.rounded).toBe(1);
  });

  it("tells what numbers could be as times and booleans", () => {
    const found = column(
      "DATETIME",
      "0",
      "1",
      "1700000000",
      "1700000000000",
      "1700000000000000",
      "2460000.5",
      "77",
      "-5",
    );
    expect(found.numbers).toEqual({
      zeroOrOne: 2,
      seconds: 1,
      milliseconds: 1,
      microseconds: 1,
      julian: 1,
      other: 4,
      rounded: 0,
    });
  });

  it("tells what texts could be", () => {
    const found = column(
      "BLOB",
      ...["", "12", " -3 ", "1.5", "1e3", "2024-02-29", "2023-02-29", "2024-01-01 10:00", "2024-01-01T10:00:00.5Z"].map(
        text,
      ),
      ...[
        "2024-01-01 10:00+02:00",
        "10:00",
        "true",
        "No",
        "{}",
        "[1, 2]",
        '{"a"',
        "[draft]",
        "null",
        '"a"',
        "a\\b",
        "a\tb",
      ].map(text),
    );
    expect(found.texts).toMatchObject({
      empty: 1,
      integer: 2,
      decimal: 2,
      time: 4,
      withOffset: 2,
      words: 2,
      // 12, 1.5, 1e3, " -3 ", true, {}, [1, 2], null, "a"
      json: 9,
      jsonDocuments: 2,
      escapes: 2,
    });
  });

  it.each([
    ['{"a": "\\u0000"}', 1],
    ['{"a": "\\\\u0000"}', 0],
    ['"\\ud83d\\ude00"', 0],
    ['"\\ud83d"', 1],
    ['"\\ude00\\ud83d"', 1],
    ['"\\ud83dx\\ude00"', 1],
  ])("knows whether jsonb takes the escapes of %s", (json, refused) => {
    expect(column("JSON", text(json)).texts).toMatchObject({ json: 1, jsonNul: refused });
  });

  it("counts NUL and bytes that are no UTF-8, and takes U+FFFD itself for a character", () => {
    const found = column("TEXT", "'a' || char(0) || 'b'", "CAST(x'61ff' AS TEXT)", "char(65533)", "'𝒳é'");
    expect(found.texts).toMatchObject({ nul: 1, invalid: 1, longestBytes: 6, longestCharacters: 3 });
  });

  it("measures texts in bytes and in characters", () => {
    expect(column("TEXT", "'aaaa'", "'𝒳𝒳𝒳'").texts).toMatchObject({ longestBytes: 12, longestCharacters: 4 });
  });

  it("counts texts and BLOBs that are too large to be loaded", () => {
    db.exec(
      "CREATE TABLE t(c TEXT, d BLOB); INSERT INTO t VALUES (printf('%.*c', 17000000, 'x'), zeroblob(17000000)), ('é', x'00')",
    );
    const [c, d] = profiled().columns;
    expect(c?.classes).toEqual({ null: 0, integer: 0, real: 0, text: 2, blob: 0 });
    expect(c?.texts).toMatchObject({ longestBytes: 17_000_000, invalid: 0 });
    expect(d).toMatchObject({ classes: { blob: 2, null: 0 }, longestBlobBytes: 17_000_000 });
  });

  it("reads UTF-16 databases, tables without a rowid and generated columns", () => {
    db.pragma("encoding = 'UTF-16be'");
    db.exec(
      "CREATE TABLE t(k TEXT PRIMARY KEY, c TEXT, g AS (c || '!') VIRTUAL) WITHOUT ROWID; INSERT INTO t(k, c) VALUES ('ä', 'é')",
    );
    const found = profiled();
    expect(found.columns.map(({ column: name, texts }) => [name, texts?.longestCharacters, texts?.invalid])).toEqual([
      ["k", 1, 0],
      ["c", 1, 0],
      ["g", 2, 0],
    ]);
  });
});

describe("the profile of a table", () => {
  it("gives rows, pages and the largest row, and tells how far it is", () => {
    db.exec(
      "CREATE TABLE t(a, b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) INSERT INTO t SELECT i, 'row ' || i FROM n",
    );
    const [table] = readSchema(db).tables;
    const seen: number[] = [];
    const found = table && profileTable(db, table, { onRows: (rows) => seen.push(rows) });
    expect(found).toMatchObject({ table: "t", rows: 25_000 });
    expect(found?.bytes).toBeGreaterThan(25_000 * 10);
    expect(found?.largestRowBytes).toBeGreaterThan(10);
    expect(seen).toEqual([10_000, 10_000, 5_000]);
  });

  it("stops when it is told to, and leaves the connection usable", () => {
    db.exec(
      "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO t SELECT i FROM n",
    );
    const [table] = readSchema(db).tables;
    const stop = new AbortController();
    let read = 0;
    const run = (): void => {
      if (table !== undefined)
        profileTable(db, table, {
          signal: stop.signal,
          onRows: (rows) => {
            read += rows;
            stop.abort();
          },
        });
    };
    expect(run).toThrow(/Interrupted/);
    expect(read).toBe(10_000);
    expect(db.prepare("INSERT INTO t VALUES (1)").run().changes).toBe(1);
  });

  it("agrees with SQLite's own counts for any values", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true }),
      fc.string({ unit: "grapheme" }),
      fc.json(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 30 }),
        fc.constantFrom("", "TEXT", "INTEGER", "REAL"),
        (values, declared) => {
          const memory = new Database(":memory:");
          try {
            memory.exec(`CREATE TABLE t(c ${declared})`);
            const insert = memory.prepare("INSERT INTO t VALUES (?)");
            for (const one of values) insert.run(one);
            const [table] = readSchema(memory).tables;
            const found = table && profileTable(memory, table).columns[0];
            const expected = memory
              .prepare<[], Record<string, number>>(
                `SELECT total(c IS NULL) AS "null", total(typeof(c) = 'integer') AS integer, total(typeof(c) = 'real') AS real,
                 total(typeof(c) = 'text') AS text, total(typeof(c) = 'blob') AS blob FROM t`,
              )
              .get();
            expect(found?.classes).toEqual(expected);
            const ends = memory
              .prepare("SELECT min(c) AS minimum, max(c) AS maximum FROM t WHERE typeof(c) = 'integer'")
              .safeIntegers()
              .get();
            expect(found?.integers ?? { minimum: null, maximum: null }).toEqual(ends);
            const texts = memory
              .prepare<[], { json: number | null; bytes: number | null }>(
                "SELECT sum(json_valid(c)) AS json, max(octet_length(c)) AS bytes FROM t WHERE typeof(c) = 'text'",
              )
              .get();
            expect(found?.texts?.json ?? null).toBe(texts?.json ?? null);
            expect(found?.texts?.longestBytes ?? null).toBe(texts?.bytes ?? null);
          } finally {
            memory.close();
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
