import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { chunkReader } from "../../../../promotion/copy/chunk";
import { planned } from "../../../promotion/copy/plans";

const WHOLE = [-(2n ** 63n), 2n ** 63n - 1n] as const;

/** The chunk of a table with the columns id, a (text) and b (bytes). */
function chunk(values: string, { limit = 100, escaped = false, rows = "" } = {}) {
  const db = new Database(":memory:");
  db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB); ${rows} INSERT INTO t (a, b) VALUES ${values}`);
  const { plan } = planned(
    "t",
    { id: { kind: "integer", bits: 64 }, a: { kind: "text" }, b: { kind: "bytea" } },
    { sourceKey: ["id"], rowid: "id", checks: [{ sql: "s.a <> 'bad'", reason: "a is bad" }] },
  );
  const found = chunkReader(db, plan, "id")?.read(...WHOLE, limit, escaped);
  if (found === undefined) throw new Error("no reader");
  return "kind" in found ? found : { ...found, lines: String(found.lines) };
}

describe("a chunk", () => {
  it("is many rows as lines of COPY", () => {
    expect(chunk("('x', x'00ff'), ('ä🐘', NULL), ('', x'')")).toEqual({
      lines: "1\tx\t\\\\x00ff\n2\tä🐘\t\\N\n3\t\t\\\\x\n",
      rows: 3,
      last: 3n,
    });
  });

  it.each(["a\tb", "a\nb", "a\rb", "a\\b"])("asks for escapes where they are needed: %j", (text) => {
    expect(chunk(`('fine', NULL), ('${text}', NULL)`)).toEqual({ kind: "escapes" });
    expect(chunk(`('${text}', NULL)`, { escaped: true })).toMatchObject({
      lines: `1\t${JSON.stringify(text).slice(1, -1)}\t\\N\n`,
    });
  });

  it.each([
    ["a value of another class", "('a', NULL), (x'00', NULL)"],
    ["a NUL", "('a', NULL), ('b' || char(0), NULL)"],
    ["a check that does not hold", "('bad', NULL)"],
    ["a check that is NULL", "(NULL, NULL)"],
  ])("is for JavaScript with %s", (_, values) => {
    expect(chunk(values)).toMatchObject({ kind: "unclean" });
    expect(chunk(values, { escaped: true })).toMatchObject({ kind: "unclean" });
  });

  it("is too large with a row that, as often as the limit allows, would be more than memory may hold", () => {
    const values = "('small', NULL), ('large', zeroblob(300000))";
    expect(chunk(values, { limit: 1_000 })).toEqual({ kind: "large", last: 2n });
    expect(chunk(values, { limit: 2 })).toMatchObject({ rows: 2 });
  });

  it("is at its end without rows", () => {
    expect(chunk("('x', NULL)", { rows: "DELETE FROM t;" })).toMatchObject({ rows: 1 });
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    const { plan } = planned("t", { id: { kind: "integer", bits: 64 } }, { sourceKey: ["id"], rowid: "id" });
    expect(chunkReader(db, plan, "id")?.read(...WHOLE, 10, false)).toEqual({ kind: "end" });
  });

  it("is not made where a column is for JavaScript alone, or texts are in UTF-16", () => {
    const julian = planned("t", { id: { kind: "timestamp", from: "julian", zone: false } });
    const db = new Database(":memory:");
    db.exec("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY)");
    expect(chunkReader(new Database(":memory:"), julian.plan, "rowid")).toBeUndefined();
    expect(chunkReader(db, planned("t", { id: { kind: "text" } }).plan, "rowid")).toBeUndefined();
  });
});
