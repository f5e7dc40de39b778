import { describe, expect, it } from "vitest";
import { statementsOf } from "../../../catalogue/statements";

const texts = (sql: string): string[] => statementsOf(sql).map(({ text }) => text);

describe("the statements of a script", () => {
  it("end at a semicolon, and the last may have none", () => {
    expect(statementsOf("SELECT 1;\n\nSELECT\n  2 ;;\nSELECT 3")).toEqual([
      { line: 1, text: "SELECT 1" },
      { line: 3, text: "SELECT 2" },
      { line: 5, text: "SELECT 3" },
    ]);
  });

  it.each([
    ["'a;b'", "SELECT ''"],
    ["'it''s; fine'", "SELECT ''"],
    ["E'\\';'", "SELECT ''"],
    ['"a;b"', 'SELECT ""'],
    ["$$a;b$$", "SELECT $$$$"],
    ["$x$a;$$;b$x$", "SELECT $$$$"],
    ["1 /* a; /* b; */ c; */", "SELECT 1"],
    ["1 -- a;b\n", "SELECT 1"],
  ])("do not end inside %s", (part, text) => {
    expect(texts(`SELECT ${part};\nSELECT 2;`)).toEqual([text, "SELECT 2"]);
  });

  it("begin at their first word, not at the comment before it", () => {
    expect(statementsOf("-- why\n/* and\nhow */ SELECT 1;")).toEqual([{ line: 3, text: "SELECT 1" }]);
  });

  it("are none in nothing, and one in what is never closed", () => {
    expect(statementsOf(" \n-- nothing\n")).toEqual([]);
    expect(texts("SELECT $$ a; b")).toEqual(["SELECT $$$$"]);
    expect(texts("SELECT 1 /* a; b")).toEqual(["SELECT 1"]);
  });
});
