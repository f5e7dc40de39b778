import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profileTable } from "../../../../promotion/assess/profile";
import type { Rules } from "../../../../promotion/model";
import { readSchema } from "../../../../promotion/source/schema";
import { Names } from "../../../../promotion/translate/names";
import { parentsFirst } from "../../../../promotion/translate/order";
import { translate } from "../../../../promotion/translate/translate";
import { ExitCode } from "../../../../settings";

function planned(sql: string, rules?: Rules) {
  const db = new Database(":memory:");
  db.exec(sql);
  const schema = readSchema(db);
  return translate(
    schema,
    schema.tables.map((table) => profileTable(db, table)),
    rules,
  );
}

const SHOP = `
CREATE TABLE customer (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE UNIQUE, vip BOOLEAN DEFAULT 0 CHECK (vip IN (0, 1)),
  credit DECIMAL(10,2) NOT NULL DEFAULT 0 CHECK (credit >= 0), since DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE, sum REAL, note VARCHAR(9),
  gross REAL AS (sum * 1.2) STORED);
CREATE INDEX purchase_customer ON purchase (customer, sum DESC) WHERE note IS NOT NULL;
CREATE VIEW spent AS SELECT c.name, sum(p.sum) AS total FROM customer c JOIN purchase p ON p.customer = c.id GROUP BY c.id;
CREATE TRIGGER audit AFTER DELETE ON customer BEGIN SELECT 1; END;
INSERT INTO customer (id, name) VALUES (7, 'Ann');
DELETE FROM customer;`;

describe("S0-14: a schema's translation", () => {
  it("is the one in the golden file", () => {
    const { create, indexes, foreignKeys, finish, leftOut } = planned(SHOP);
    const sql = [
      ...create,
      ...[...indexes, ...foreignKeys].map((later) => later.sql),
      ...finish,
      ...leftOut.map(({ what }) => `-- ${what}`),
    ];
    expect(`${sql.join(";\n")}\n`).toBe(readFileSync(join(__dirname, "shop.sql"), "utf8"));
  });

  it("knows what is copied, by which key, and where numbers go on", () => {
    const [customer, purchase] = planned(SHOP).tables;
    expect(customer).toMatchObject({
      source: "customer",
      sourceKey: ["id"],
      targetKey: ["id"],
      rowid: "id",
      identity: { column: "id", beyond: "7" },
    });
    expect(customer?.columns.find(({ target }) => target === "credit")).toEqual({
      select: 's."credit"',
      target: "credit",
      codec: { kind: "numeric", precision: 10, scale: 2 },
      money: true,
    });
    expect(purchase?.columns.map(({ target }) => target)).toEqual(["id", "customer", "sum", "note"]);
  });

  it("is JSON", () => {
    const plan = planned("CREATE TABLE t (a TEXT, b INTEGER UNIQUE, PRIMARY KEY (a))");
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

describe("C-22: rules", () => {
  const MIXED = `CREATE TABLE log (at DATETIME, "odd name" , kind TEXT); INSERT INTO log VALUES ('2024-01-01', x'00', 'a'), (1700000000, 5, 'b');`;

  it("are asked for, all at once, with the place where they go", () => {
    const attempt = () => planned(MIXED);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: ExitCode.refused }));
    expect(attempt).toThrow(/^No plan was made: 2 columns need a ruling\.\n {2}- log\.at: it holds 1 text, 1 number/);
    expect(attempt).toThrow(/ {2}- log\.odd name: .*columns: "odd name": \{ type: bytea \}/);
  });

  it("rename, leave out and decide", () => {
    const plan = planned(`${MIXED} CREATE TABLE old (a REFERENCES log);`, {
      version: 1,
      tables: {
        log: {
          rename: "Log",
          columns: { at: { type: "timestamptz", from: "seconds" }, "odd name": { type: "bytea", rename: "odd" } },
        },
        old: { skip: true },
      },
    });
    expect(plan.tables.map(({ source, target }) => [source, target])).toEqual([["log", "Log"]]);
    expect(plan.create).toEqual([`CREATE TABLE public."Log" (\n  "at" timestamptz,\n  "odd" bytea,\n  "kind" text\n)`]);
    expect(plan.leftOut.map(({ what }) => what)).toEqual(["table old", "log.odd name as declared"]);
  });
});

describe("names", () => {
  it("are unique, at most 63 bytes long, and the same each time", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 90 })), (wanted) => {
        const give = () => {
          const names = new Names();
          return wanted.map((name) => names.take(name));
        };
        const given = give();
        expect(new Set(given).size).toBe(given.length);
        for (const name of given) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
        expect(give()).toEqual(given);
      }),
    );
  });
});

describe("tables", () => {
  it("come after those that they reference, unless in a circle", () => {
    const db = new Database(":memory:");
    db.exec(`CREATE TABLE a (x REFERENCES b); CREATE TABLE b (x REFERENCES c); CREATE TABLE c (x REFERENCES c);
      CREATE TABLE d (x REFERENCES e); CREATE TABLE e (x REFERENCES d, y REFERENCES a);`);
    const order = parentsFirst(readSchema(db).tables).map(({ name }) => name);
    expect([...order].sort()).toEqual(["a", "b", "c", "d", "e"]);
    for (const [child, parent] of [
      ["a", "b"],
      ["b", "c"],
      ["e", "a"],
    ] as const)
      expect(order.indexOf(parent), `${parent} before ${child}`).toBeLessThan(order.indexOf(child));
  });
});
