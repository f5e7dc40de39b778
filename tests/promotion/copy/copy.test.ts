import type Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyAll } from "../../../promotion/copy/copy";
import { type PlannedTable, planned, planOf } from "./plans";
import { arrived, database, expected, prepared, serverForThisFile, sourceFile } from "./scene";

const server = serverForThisFile();

/** Copies a file into a new database, and compares all rows of all tables. */
async function copied(make: string | ((db: Database.Database) => void), tables: readonly PlannedTable[]) {
  const run = await prepared(await database(server()), sourceFile(make), planOf(tables));
  const result = await copyAll(run, { quarantine: false });
  for (const { plan } of tables) expect(await arrived(run, plan), plan.source).toEqual(expected(run, plan));
  return { run, result };
}

const text = { kind: "text" } as const;
const int = { kind: "integer", bits: 64 } as const;
const bytes = { kind: "bytea" } as const;

const TEXTS = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", "")),
  fc.constantFrom("", "\\N", "\\", "\\.", "a\tb", "a\nb\r\n", "\\n", "'\"", "🐘", "NULL"),
);

describe("C-24: the copy", () => {
  it("carries random rows as they are, on the quick way and on the careful one", async () => {
    const columns = { id: int, a: text, b: int, c: bytes, d: { kind: "double" }, e: { kind: "boolean" } } as const;
    const rows = fc.sample(
      fc.tuple(
        fc.option(TEXTS),
        fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.option(fc.uint8Array().map((value) => Buffer.from(value))),
        fc.option(fc.double({ noNaN: true })),
        fc.option(fc.constantFrom(0n, 1n, "true", "F")),
      ),
      3_000,
    );
    const fill = (name: string, only: (row: (typeof rows)[number]) => boolean) => (db: Database.Database) => {
      db.exec(`CREATE TABLE ${name} (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c BLOB, d REAL, e)`);
      const insert = db.prepare(`INSERT INTO ${name} (a, b, c, d, e) VALUES (?, ?, ?, ?, ?)`);
      for (const row of rows.filter(only)) insert.run(...row);
    };
    const quick = planned("quick", columns, { sourceKey: ["id"], rowid: "id" });
    const careful = planned("careful", columns, { sourceKey: ["id"], rowid: "id" });
    await copied(
      (db) => {
        fill("quick", ([a, , , d, e]) => !/[\\\t\n\r]/.test(a ?? "") && !Object.is(d, -0) && typeof e !== "string")(db);
        fill("careful", () => true)(db);
      },
      [quick, careful],
    );
  });

  it("carries every shape of table", async () => {
    const { result } = await copied(
      `CREATE TABLE "Odd ""name" ("select" TEXT PRIMARY KEY, "Größe" INTEGER, rowid TEXT, _rowid_ TEXT, oid TEXT) ;
       INSERT INTO "Odd ""name" VALUES ('a', 1, 'x', NULL, ''), ('b', NULL, 'y', 'z', 'tab	');
       CREATE TABLE pairs (a TEXT COLLATE NOCASE, b INTEGER, c TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
       INSERT INTO pairs SELECT 'k' || (value % 100), value, 'v' || value FROM generate_series(1, 12000);
       CREATE TABLE loose (a TEXT, b INTEGER);
       INSERT INTO loose SELECT 'same', 1 FROM generate_series(1, 5000);
       CREATE TABLE none (id INTEGER PRIMARY KEY, a TEXT);
       CREATE TABLE implicit (a TEXT PRIMARY KEY, b TEXT);
       INSERT INTO implicit SELECT 'key' || value, char(value) FROM generate_series(32, 3000);`,
      [
        planned(
          'Odd "name',
          { select: text, Größe: int, rowid: text, _rowid_: text, oid: text },
          { sourceKey: ["select"] },
        ),
        planned("pairs", { a: text, b: int, c: text }, { sourceKey: ["a", "b"] }),
        planned("loose", { a: text, b: int }),
        planned("none", { id: int, a: text }, { sourceKey: ["id"], rowid: "id" }),
        planned("implicit", { a: text, b: text }, { sourceKey: ["a"] }),
      ],
    );
    expect(result).toMatchObject({ rows: 2 + 12_000 + 5_000 + 2_969, quarantined: 0 });
  });

  it("carries tables of several ranges, with numbers close together, far apart and at the ends", async () => {
    const fill = (name: string, id: string) =>
      `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, a TEXT);
       INSERT INTO ${name} SELECT ${id}, 'row ' || value FROM generate_series(1, 210000);`;
    const { run, result } = await copied(
      `${fill("dense", "value - 1000")} ${fill("sparse", "value * value * 7")}
       INSERT INTO sparse VALUES (9223372036854775807, 'last'), (-9223372036854775808, 'first');`,
      ["dense", "sparse"].map((name) => planned(name, { id: int, a: text }, { sourceKey: ["id"], rowid: "id" })),
    );
    expect(result.rows).toBe(420_002);
    expect(
      await server().psql(
        "SELECT tbl, count(*) FROM ladder_promotion.ranges WHERE done GROUP BY 1 ORDER BY 1",
        run.target.connection.database,
      ),
    ).toBe("dense|3\nsparse|3");
  });

  it("carries a database in UTF-16, and what is no letter for letter text in it", async () => {
    await copied(
      `PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB);
       INSERT INTO t VALUES (1, 'ä🐘', x'c328'), (2, NULL, 'text'), (3, 'tab	', NULL);`,
      [planned("t", { id: int, a: text, b: bytes }, { sourceKey: ["id"], rowid: "id" })],
    );
  });

  it("does nothing where all is copied, and tells its progress", async () => {
    const seen: number[] = [];
    const plan = planOf([planned("t", { id: int }, { sourceKey: ["id"], rowid: "id" })]);
    const path = sourceFile(
      "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t SELECT value FROM generate_series(1, 90000)",
    );
    const run = await prepared(await database(server()), path, plan, {
      onProgress: ({ done, total, phase }) => {
        expect({ phase, total }).toEqual({ phase: "copy", total: 90_000 });
        seen.push(done);
      },
    });
    expect((await copyAll(run, { quarantine: false })).rows).toBe(90_000);
    expect(seen.length).toBeGreaterThan(0);
    const once = seen.length;
    expect((await copyAll(run, { quarantine: false })).rows).toBe(90_000);
    expect(seen.length).toBe(once);
  });
});
