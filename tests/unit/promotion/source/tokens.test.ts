import { describe, expect, it } from "vitest";
import { readCreateIndex } from "../../../../promotion/source/createIndex";
import { readCreateTable } from "../../../../promotion/source/createTable";
import { splitAtCommas, tokens } from "../../../../promotion/source/tokens";

const texts = (sql: string): string[] => tokens(sql).map(({ text }) => text);

describe("the tokens of SQL", () => {
  it("reads quotes of every kind with the quotes in them", () => {
    expect(tokens(`'it''s' "a""b" [c"d] \`e\`\`f\``).map(({ kind, value }) => [kind, value])).toEqual([
      ["string", "it's"],
      ["quoted", 'a"b'],
      ["quoted", 'c"d'],
      ["quoted", "e`f"],
    ]);
  });

  it("leaves comments out, also one that nobody closed", () => {
    expect(texts("a--b,'\n/* c ( */ d /* e")).toEqual(["a", "d"]);
  });

  it("takes a no-break space and letters beyond ASCII for letters, as SQLite does", () => {
    expect(texts("größe na\u00a0me 𝒳y")).toEqual(["größe", "na\u00a0me", "𝒳y"]);
  });

  it("keeps BLOBs and numbers whole", () => {
    expect(texts("x'00ff' X'' 1.5e-3 .5 0x1F 1_000 x -- y")).toEqual([
      "x'00ff'",
      "X''",
      "1.5e-3",
      ".5",
      "0x1F",
      "1_000",
      "x",
    ]);
  });

  it("splits at commas outside of parentheses only", () => {
    const items = splitAtCommas(tokens(`a decimal(10,2) default ((1),2), ")", ',', b`));
    expect(items.map((item) => item.map(({ text }) => text).join(" "))).toEqual([
      "a decimal ( 10 , 2 ) default ( ( 1 ) , 2 )",
      '")"',
      "','",
      "b",
    ]);
  });
});

describe("what a CREATE TABLE says beyond the pragmas", () => {
  it("reads constraints that stand without a comma between them", () => {
    const text = readCreateTable(
      "CREATE TABLE t(a int, b int, CONSTRAINT one CHECK (a > 0) UNIQUE (b) CHECK (b > a) FOREIGN KEY (a) REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
    );
    expect(text.checks).toEqual([{ name: "one", expression: "a > 0" }, { expression: "b > a" }]);
    expect(text.deferred).toEqual([true]);
  });

  it("tells a deferred foreign key from one that says NOT, IMMEDIATE or nothing", () => {
    const text = readCreateTable(
      "CREATE TABLE t(a REFERENCES u NOT DEFERRABLE INITIALLY DEFERRED, b REFERENCES u DEFERRABLE INITIALLY IMMEDIATE, c REFERENCES u DEFERRABLE, d REFERENCES u(x) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT NULL)",
    );
    expect(text.deferred).toEqual([false, false, false, true]);
  });

  it("takes nothing in a string, a quoted name or a default for a clause", () => {
    const text = readCreateTable(
      `CREATE TABLE "CHECK (1)"("COLLATE" text DEFAULT 'COLLATE NOCASE CHECK (1)', [check] DEFAULT (nullif('a', 'b' COLLATE RTRIM)), "AUTOINCREMENT" int)`,
    );
    expect(text).toMatchObject({ autoincrement: false, checks: [] });
    expect([...text.collations]).toEqual([]);
  });

  it("reads generated columns, long and short", () => {
    const text = readCreateTable(
      "CREATE TABLE t(a, B GENERATED ALWAYS AS (a || ')') STORED, c int AS (a+(1)) NOT NULL)",
    );
    expect([...text.generated]).toEqual([
      ["b", "a || ')'"],
      ["c", "a+(1)"],
    ]);
  });
});

describe("what a CREATE INDEX says beyond the pragmas", () => {
  it("gives expressions without their order and collation, and the condition as written", () => {
    expect(
      readCreateIndex(
        `CREATE UNIQUE INDEX "a(b" ON "t(" (lower(x) COLLATE NOCASE DESC, y, (z+1) ASC) WHERE x IS NOT NULL /* and */ AND y > '('`,
      ),
    ).toEqual({ terms: ["lower(x)", "y", "(z+1)"], where: "x IS NOT NULL /* and */ AND y > '('" });
  });
});
