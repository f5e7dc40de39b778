import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonRows, type Unheld } from "../../../../promotion/export/json";

const exported = (db: Database.Database, unheld: Unheld[] = []): string => [...jsonRows(db, "t", unheld)].join("");

describe("the documented files of JSON", () => {
  it("S2-22: are what the documented script writes, with an indent of 2", () => {
    const db = new Database(":memory:");
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, "forSale" BOOLEAN, x, amount REAL);
      INSERT INTO t VALUES (1, 1, 'it''s "é"' || char(10, 0), 12.5), (2, NULL, x'00ff', 3), (3, 0, '', -1e-7)`);
    const rows = db.prepare("SELECT * FROM t").all();
    const same = JSON.parse(exported(db)) as unknown;
    expect(same).toEqual(JSON.parse(JSON.stringify(rows)));
    db.exec("DELETE FROM t WHERE id = 2");
    expect(exported(db)).toBe(JSON.stringify(db.prepare("SELECT * FROM t").all(), null, 2));
    db.exec("DELETE FROM t");
    expect(exported(db)).toBe(JSON.stringify([], null, 2));
  });

  it("S2-22: hold whole numbers beyond 2^53 and infinities exactly", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t (a, b); INSERT INTO t VALUES (9007199254740993, 9223372036854775807), (-1e999, 1e999)");
    expect(exported(db).match(/: .*/g)).toEqual([
      ": 9007199254740993,",
      ": 9223372036854775807",
      ": -1e999,",
      ": 1e999",
    ]);
    expect(JSON.parse(exported(db))).toMatchObject([{}, { a: Number.NEGATIVE_INFINITY, b: Number.POSITIVE_INFINITY }]);
  });

  it("count the texts that JSON cannot hold", () => {
    const db = new Database(":memory:");
    db.exec(
      "CREATE TABLE t (a, b); INSERT INTO t VALUES (CAST(x'ff' AS TEXT), 'fine'), (CAST(x'c328' AS TEXT), x'ff')",
    );
    const unheld: Unheld[] = [];
    expect(exported(db, unheld)).toContain('"a": "\uFFFD"');
    expect(unheld).toEqual([{ table: "t", column: "a", values: 2 }]);
  });

  it("property: are the same text as JSON.stringify gives, for values that JavaScript holds", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value)), (rows) => {
        const db = new Database(":memory:");
        db.exec('CREATE TABLE t (a, "b ""c""")');
        const insert = db.prepare("INSERT INTO t VALUES (?, ?)");
        for (const row of rows) insert.run(...row);
        const text = exported(db).replaceAll(/-0\.0(?=,?$)/gm, "0");
        expect(text).toBe(JSON.stringify(db.prepare("SELECT * FROM t").all(), null, 2));
        db.close();
      }),
      { numRuns: 150 },
    );
  });
});
