import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { assess } from "../../../promotion/assess/assess";
import { CASES, type Case, type CaseId } from "../../../promotion/assess/cases/case";
import { temporaryFolder } from "../../support/temporary";

async function casesOf(sql: string, wal = true): Promise<readonly Case[]> {
  const path = join(temporaryFolder(), "source.sqlite");
  const db = new Database(path);
  db.pragma("foreign_keys = OFF");
  // For a collation that only the application has, which cannot be made here otherwise.
  db.unsafeMode();
  if (wal) db.pragma("journal_mode = WAL");
  db.exec(sql);
  db.close();
  return (await assess({ source: { path, busyTimeoutMs: 1000 } })).cases;
}

const keyed = (type: string, ...values: readonly string[]): string =>
  `CREATE TABLE t(id INTEGER PRIMARY KEY, c ${type}); ${values.map((value, at) => `INSERT INTO t VALUES (${at + 1}, ${value});`).join(" ")}`;

/** Enough good values that one bad one is a mistake, and does not make the column wider. */
const many = (good: string, bad: string): string =>
  `INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, ${good} FROM n; INSERT INTO t VALUES (777, ${bad});`;

type Row = readonly [id: CaseId, sql: string, expected: Partial<Case>];

/** Every row of the table of awkward cases, in a table of its own. */
const CORPUS: readonly Row[] = [
  ["wrong-class", keyed("INTEGER") + many("i", "'x'"), { count: 1, refused: 1, keys: ["id=777"], outcome: "aside" }],
  ["wrong-class", keyed("INTEGER", "1", "'x'"), { count: 1, keys: ["id=2"], outcome: "carried" }],
  ["boolean", keyed("BOOLEAN", "0", "2", "1"), { count: 1, keys: ["id=2"], outcome: "carried" }],
  ["large-integer", keyed("INTEGER", "1", "9223372036854775807", "-3000000000"), { count: 2, keys: ["id=2", "id=3"] }],
  ["real", keyed("REAL", "0.1", "NULL"), { count: 1, keys: ["id=1"], outcome: "carried" }],
  ["infinity", keyed("REAL", "1", "1e999", "-1e999"), { count: 2, keys: ["id=2", "id=3"], outcome: "carried" }],
  ["rounded-decimal", keyed("DECIMAL(10,2)", "1.5", "0.1 + 0.2"), { count: 1, keys: ["id=2"] }],
  ["refused-value", keyed("DECIMAL(10,2)", "1.5", "2.345"), { count: 1, refused: 1, keys: ["id=2"], outcome: "aside" }],
  [
    "refused-value",
    keyed("DATETIME") + many("'2024-01-01'", "'2023-02-31'"),
    { count: 1, keys: ["id=777"], outcome: "aside" },
  ],
  ["number-time", keyed("DATETIME", "1700000000", "1700000001.5"), { count: 2, outcome: "carried" }],
  ["mixed-time", keyed("DATETIME", "1700000000", "1700000000000"), { count: 2, outcome: "question" }],
  ["mixed-time", keyed("DATETIME", "1700000000", "'2024-01-01'"), { count: 2, outcome: "question" }],
  ["plain-time", keyed("DATETIME", "'2024-01-01 10:00:00'", "NULL"), { count: 1, outcome: "carried" }],
  ["empty-text", keyed("INTEGER") + many("i", "''"), { count: 1, refused: 1, keys: ["id=777"], outcome: "aside" }],
  [
    "invalid-text",
    keyed("TEXT", "'ä'", "CAST(x'61ff' AS TEXT)"),
    { count: 1, refused: 1, keys: ["id=2"], outcome: "aside" },
  ],
  ["nul", keyed("TEXT", "'a'", "'a' || char(0)"), { count: 1, refused: 1, keys: ["id=2"], outcome: "aside" }],
  ["blob", keyed("BLOB", "x'00'", "NULL"), { count: 1, keys: ["id=1"], outcome: "carried" }],
  ["text-in-blob", keyed("BLOB", "x'00'", "'aGVsbG8='"), { count: 1, keys: ["id=2"], outcome: "carried" }],
  ["invalid-json", keyed("JSON", "'{}'", "'{oops'"), { count: 1, keys: ["id=2"], outcome: "carried" }],
  ["json-escape", keyed("JSON", "'{}'", `'"\\u0000"'`), { count: 1, keys: ["id=2"], outcome: "carried" }],
  [
    "autoincrement",
    "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (9); DELETE FROM t",
    { done: expect.stringContaining("; 9 was given already, beyond the largest 0") },
  ],
  ["integer-key", keyed("TEXT"), { outcome: "carried" }],
  ["without-rowid", "CREATE TABLE t(k TEXT PRIMARY KEY) WITHOUT ROWID", { outcome: "carried" }],
  ["composite-key", "CREATE TABLE t(a, b, PRIMARY KEY(a, b))", { outcome: "carried" }],
  [
    "null-key",
    "CREATE TABLE t(a TEXT, b TEXT, PRIMARY KEY(a, b)); INSERT INTO t VALUES ('x', NULL), ('y', 'z')",
    { count: 1, keys: ["a=x, b=NULL"], outcome: "aside" },
  ],
  ["no-key", "CREATE TABLE t(a)", { outcome: "note" }],
  ["not-null", "CREATE TABLE t(a PRIMARY KEY NOT NULL, b NOT NULL)", { count: 2 }],
  ["check", "CREATE TABLE t(a PRIMARY KEY, b CHECK (b > 0), CHECK (a <> b))", { count: 2 }],
  ["foreign-key", "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(a REFERENCES p)", { table: "t", count: 1 }],
  [
    "composite-foreign-key",
    "CREATE TABLE p(a, b, PRIMARY KEY(a, b)); CREATE TABLE t(a, b, FOREIGN KEY(a, b) REFERENCES p)",
    { table: "t" },
  ],
  [
    "foreign-key-cycle",
    "CREATE TABLE a(id INTEGER PRIMARY KEY, b REFERENCES b); CREATE TABLE b(id INTEGER PRIMARY KEY, a REFERENCES a); CREATE TABLE c(x REFERENCES a)",
    { count: 2 },
  ],
  [
    "orphan",
    "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(id INTEGER PRIMARY KEY, a REFERENCES p); INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1), (2, 99), (3, NULL)",
    { table: "t", column: "a", count: 1, keys: ["id=2"] },
  ],
  [
    "broken-foreign-key",
    "CREATE TABLE p(x); CREATE TABLE t(a REFERENCES nope, b REFERENCES p(x))",
    { count: 2, outcome: "left" },
  ],
  ["partial-index", `${keyed("INTEGER")} CREATE INDEX i ON t(c) WHERE c > 0`, { count: 1 }],
  ["expression-index", `${keyed("TEXT")} CREATE INDEX i ON t(lower(c))`, { count: 1 }],
  ["descending-index", `${keyed("TEXT")} CREATE INDEX i ON t(c DESC)`, { count: 1 }],
  ["nocase", keyed("TEXT COLLATE NOCASE"), { count: 1, outcome: "note" }],
  [
    "unknown-collation",
    `${keyed("DATETIME COLLATE NOCASE", "'2024-01-01'", "''")} PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'german')`,
    { count: 1, outcome: "left" },
  ],
  ["view", `${keyed("TEXT")} CREATE VIEW v AS SELECT id FROM t`, { done: expect.stringContaining("view v") }],
  [
    "trigger",
    `${keyed("TEXT")} CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END`,
    { table: "t", outcome: "left" },
  ],
  ["generated", "CREATE TABLE t(a INTEGER PRIMARY KEY, b AS (a + 1) STORED)", { count: 1 }],
  [
    "default-expression",
    "CREATE TABLE t(a INTEGER PRIMARY KEY, b DEFAULT (1+1), c DEFAULT 'it''s', d DEFAULT CURRENT_TIMESTAMP)",
    { count: 1 },
  ],
  ["odd-type", keyed("FLOATING MONKEY"), { count: 1 }],
  ["name", `CREATE TABLE t(id INTEGER PRIMARY KEY, "Order" TEXT, "user" TEXT, plain TEXT)`, { count: 2 }],
  ["long-name", `CREATE TABLE ${"n".repeat(64)}(id INTEGER PRIMARY KEY)`, { count: 1 }],
  ["full-text", "CREATE VIRTUAL TABLE t USING fts5(body); INSERT INTO t VALUES ('x')", { table: "t", outcome: "left" }],
  ["virtual-table", "CREATE VIRTUAL TABLE t USING rtree(id, a, b)", { table: "t", outcome: "left" }],
  ["huge-row", keyed("TEXT", "'x'", "printf('%.*c', 2000000, 'x')"), { count: 1, keys: ["id=2"] }],
  ["many-columns", `CREATE TABLE t(${Array.from({ length: 1700 }, (_, at) => `c${at}`).join(", ")})`, { count: 1700 }],
  ["replace", keyed("TEXT UNIQUE"), { count: 1 }],
  ["wal-reset", keyed("TEXT"), { outcome: "note" }],
];

describe("awkward cases in a database (C-22)", () => {
  it.each(CORPUS)("%s is found: %s", async (id, sql, expected) => {
    const found = (await casesOf(sql)).filter((one) => one.id === id);
    expect(found).toEqual([expect.objectContaining(expected)]);
  });

  it("finds a journal mode in which readers and writers wait for each other", async () => {
    expect(await casesOf(keyed("TEXT"), false)).toContainEqual(
      expect.objectContaining({ id: "journal-mode", done: expect.stringContaining("delete") }),
    );
  });

  it("has a test for every case that there is", () => {
    const tested = new Set<string>([...CORPUS.map(([id]) => id), "journal-mode", "mapped-row"]);
    expect(Object.keys(CASES).filter((id) => !tested.has(id))).toEqual([]);
  });

  it("finds none of the dangerous ones where there is nothing but a plain table", async () => {
    const cases = await casesOf(keyed("TEXT", "'a'", "'b'"));
    expect(cases.map(({ id }) => id)).toEqual(["integer-key", "wal-reset"]);
  });

  it("names rows by the rowid where there is no key, and keys of BLOBs in hex", async () => {
    const loose = await casesOf("CREATE TABLE t(c TEXT); INSERT INTO t VALUES ('a'), ('a' || char(0))");
    expect(loose.find(({ id }) => id === "nul")?.keys).toEqual(["rowid=2"]);
    const blobs = await casesOf("CREATE TABLE t(k BLOB PRIMARY KEY, c TEXT); INSERT INTO t VALUES (x'0aff', char(0))");
    expect(blobs.find(({ id }) => id === "nul")?.keys).toEqual(["k=x'0aff'"]);
  });
});
