import Database from "better-sqlite3";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSchema } from "../../../../promotion/source/schema";

let db: Database.Database;
beforeEach(() => {
  db = new Database(":memory:");
});
afterEach(() => {
  db.close();
});

const read = (sql: string) => {
  db.exec(sql);
  return readSchema(db);
};
const table = (sql: string) => {
  const [found] = read(sql).tables;
  if (found === undefined) throw new Error("no table was read");
  return found;
};

describe("the schema of a SQLite database", () => {
  it("reads columns with their affinity, default and collation", () => {
    const { columns } = table(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, "Na""me" varchar(10) NOT NULL DEFAULT 'it''s' COLLATE nocase, f FLOATING POINT, s STRING, none, d DEFAULT (1+1))`,
    );
    expect(columns.map(({ name, declared, affinity }) => [name, declared, affinity])).toEqual([
      ["id", "INTEGER", "INTEGER"],
      ['Na"me', "varchar(10)", "TEXT"],
      ["f", "FLOATING POINT", "INTEGER"],
      ["s", "STRING", "NUMERIC"],
      ["none", "", "BLOB"],
      ["d", "", "BLOB"],
    ]);
    expect(columns[1]).toMatchObject({ notNull: true, default: "'it''s'", collation: "nocase" });
    expect(columns[5]).toMatchObject({ default: "1+1" });
  });

  it("tells the rowid's alias from a key that only looks like one", () => {
    const aliases = read(`CREATE TABLE a(id INTEGER PRIMARY KEY);
      CREATE TABLE b(id INT PRIMARY KEY); CREATE TABLE c(id INTEGER PRIMARY KEY DESC);
      CREATE TABLE d(id INTEGER PRIMARY KEY) WITHOUT ROWID; CREATE TABLE e(x, id INTEGER, PRIMARY KEY(id));`);
    expect(aliases.tables.map(({ name, rowidAlias }) => [name, rowidAlias])).toEqual([
      ["a", "id"],
      ["b", undefined],
      ["c", undefined],
      ["d", undefined],
      ["e", "id"],
    ]);
  });

  it("reads AUTOINCREMENT with the number that it has come to, beyond every row", () => {
    const found = table(
      "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (9223372036854775000); DELETE FROM t",
    );
    expect(found).toMatchObject({ autoincrement: true, sequence: 9223372036854775000n });
  });

  it("resolves foreign keys: a table alone means its key, in any case, in the order in which they are written", () => {
    const { tables } = read(`CREATE TABLE P(x TEXT, y INT, PRIMARY KEY(y, x));
      CREATE TABLE c(a, b, FOREIGN KEY(a, b) REFERENCES p ON UPDATE SET NULL, FOREIGN KEY(a) REFERENCES nope,
        FOREIGN KEY(b) REFERENCES p(X) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);`);
    expect(tables.find(({ name }) => name === "c")?.foreignKeys).toEqual([
      {
        columns: ["a", "b"],
        table: "P",
        references: ["y", "x"],
        onDelete: "NO ACTION",
        onUpdate: "SET NULL",
        deferred: false,
      },
      { columns: ["a"], table: "nope", references: [], onDelete: "NO ACTION", onUpdate: "NO ACTION", deferred: false },
      { columns: ["b"], table: "P", references: ["x"], onDelete: "CASCADE", onUpdate: "NO ACTION", deferred: true },
    ]);
  });

  it("reads partial, descending and expression indexes, and those of constraints", () => {
    const { indexes } = table(`CREATE TABLE t(a TEXT UNIQUE, b, PRIMARY KEY(b));
      CREATE INDEX i ON t(lower(a) DESC, b COLLATE NOCASE) WHERE a <> ')';`);
    expect(indexes.map(({ origin }) => origin)).toEqual(["u", "pk", "c"]);
    expect(indexes[2]).toEqual({
      name: "i",
      unique: false,
      origin: "c",
      where: "a <> ')'",
      terms: [
        { expression: "lower(a)", descending: true, collation: "BINARY" },
        { column: "b", descending: false, collation: "NOCASE" },
      ],
    });
  });

  it("sets virtual tables apart with their shadows, the nearest name first, and leaves out what is not the application's", () => {
    const schema =
      read(`CREATE VIRTUAL TABLE doc USING fts5(title, body); CREATE VIRTUAL TABLE doc_content2 USING fts5(x);
      CREATE VIRTUAL TABLE "r t" USING rtree(id, x0, x1); CREATE TABLE doc_notes(a); CREATE TABLE _ladder_log(a);
      CREATE TABLE ladder_migrations(a); CREATE TABLE _litestream_seq(a); CREATE TABLE xladder_log(a);
      CREATE VIEW v AS SELECT 1; CREATE TRIGGER g AFTER INSERT ON doc_notes BEGIN SELECT 1; END;
      CREATE TRIGGER _ladder_g AFTER INSERT ON doc_notes BEGIN SELECT 1; END;`);
    expect(schema.tables.map(({ name }) => name)).toEqual(["doc_notes", "xladder_log"]);
    expect(
      schema.virtualTables.map(({ name, module, columns, shadows }) => [name, module, columns, shadows.length]),
    ).toEqual([
      ["doc", "fts5", ["title", "body"], 5],
      ["doc_content2", "fts5", ["x"], 5],
      ["r t", "rtree", ["id", "x0", "x1"], 3],
    ]);
    expect(schema.views.map(({ name }) => name)).toEqual(["v"]);
    expect(schema.triggers).toEqual([expect.objectContaining({ name: "g", table: "doc_notes" })]);
  });

  it("knows STRICT's ANY, the encoding, and that the schema has changed", () => {
    db.pragma("encoding = 'UTF-16le'");
    const before = read("CREATE TABLE t(größe ANY, b ANY) STRICT");
    expect(before.encoding).toBe("UTF-16le");
    expect(before.tables[0]).toMatchObject({
      strict: true,
      columns: [{ name: "größe", affinity: "BLOB" }, { affinity: "BLOB" }],
    });
    expect(read("ALTER TABLE t ADD COLUMN c INT CHECK (c > 0) COLLATE NOCASE").schemaVersion).toBeGreaterThan(
      before.schemaVersion,
    );
    expect(readSchema(db).tables[0]).toMatchObject({ checks: [{ expression: "c > 0" }] });
  });
});

/** White space and comments that may stand between any two tokens. */
const gap = fc.constantFrom(" ", "\n", "\t ", " /* , ) ' */ ", " -- it's (\n");
const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
  .filter((text) => !text.includes("\0") && !/^(sqlite_|_ladder_|_litestream_)/i.test(text));
const quote = fc.constantFrom(
  (text: string) => `"${text.replaceAll('"', '""')}"`,
  (text: string) => `\`${text.replaceAll("`", "``")}\``,
  (text: string) => (text.includes("]") ? `"${text.replaceAll('"', '""')}"` : `[${text}]`),
);
const collation = fc.constantFrom("BINARY", "NOCASE", "RTRIM");
const check = fc.constantFrom("1 <> 2", "')' <> '('", "(1) + (2) > 0 /* ( */", "'COLLATE NOCASE' IS NOT NULL");
const column = fc.record({
  name,
  type: fc.constantFrom("", "INTEGER", "varchar (10)", "DECIMAL(10, 2)", "double precision", "unsigned big int"),
  collation: fc.option(collation, { nil: undefined }),
  check: fc.option(check, { nil: undefined }),
  fallback: fc.constantFrom(undefined, "NULL", "'it''s, ('", "(1 + (2))", "-1.5"),
  notNull: fc.boolean(),
});
const described = fc.record({
  columns: fc.uniqueArray(column, { minLength: 1, maxLength: 5, selector: (one) => one.name.toLowerCase() }),
  tableCheck: fc.option(fc.record({ name, expression: check }), { nil: undefined }),
  gaps: fc.array(gap, { minLength: 1, maxLength: 7 }),
  quote,
});

describe("any CREATE TABLE", () => {
  it("is read as it was meant, whatever stands between its words", () => {
    fc.assert(
      fc.property(described, ({ columns, tableCheck, gaps, quote: quoted }) => {
        let at = 0;
        const spaced = (...parts: (string | undefined)[]): string =>
          parts
            .filter((part) => part !== undefined && part !== "")
            .reduce<string>((text, part) => `${text}${gaps[at++ % gaps.length]}${part}`, "");
        const items = columns.map((one) =>
          spaced(
            quoted(one.name),
            one.type,
            one.fallback && spaced("DEFAULT", one.fallback),
            one.check && spaced("check", "(", one.check, ")"),
            one.collation && spaced("Collate", one.collation),
            one.notNull ? spaced("NOT", "NULL") : undefined,
          ),
        );
        if (tableCheck)
          items.push(spaced("constraint", quoted(tableCheck.name), "CHECK", "(", tableCheck.expression, ")"));
        const memory = new Database(":memory:");
        try {
          memory.exec(`CREATE TABLE t(${items.join(spaced(","))}${gaps[0]})`);
          const [found] = readSchema(memory).tables;
          expect(found?.columns.map((one) => [one.name, one.collation, one.notNull])).toEqual(
            columns.map((one) => [one.name, one.collation ?? "BINARY", one.notNull]),
          );
          const checks: { name?: string; expression: string }[] = columns.flatMap((one) =>
            one.check === undefined ? [] : [{ expression: one.check.replace(" /* ( */", "") }],
          );
          if (tableCheck)
            checks.push({ name: tableCheck.name, expression: tableCheck.expression.replace(" /* ( */", "") });
          expect(found?.checks).toEqual(checks);
        } finally {
          memory.close();
        }
      }),
      { numRuns: 300 },
    );
  });
});
