import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { parseRules } from "../../../../promotion/rules/read";
import { readSchema } from "../../../../promotion/source/schema";
import { ExitCode, UserError } from "../../../../settings/errors";

const db = new Database(":memory:");
db.exec(`CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, born DATETIME, "Größe" REAL); CREATE TABLE posts(id INTEGER PRIMARY KEY);
  CREATE VIRTUAL TABLE search USING fts5(x); CREATE VIEW people AS SELECT 1`);
const schema = readSchema(db);
afterAll(() => {
  db.close();
});

const parse = (text: string) => parseRules(text, "rules.yaml", schema);
const columns = (...lines: string[]): string =>
  ["version: 1", "tables:", "  users:", "    columns:", ...lines.map((line) => `      ${line}`)].join("\n");

function refusal(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(ExitCode.usage);
    return error.message;
  }
  throw new Error("the rules were taken");
}

describe("rules.yaml (C-22)", () => {
  it("is read with the schema's own names, whatever case it has", () => {
    const rules = parse(
      columns(
        "NAME: { type: text, nul: strip, invalid: latin1, rename: Full }",
        "BORN: { type: timestamptz, from: seconds, empty: null }",
      ),
    );
    expect(rules).toEqual({
      version: 1,
      tables: {
        users: {
          columns: {
            name: { type: "text", nul: "strip", invalid: "latin1", rename: "Full" },
            born: { type: "timestamptz", from: "seconds", empty: "null" },
          },
        },
      },
    });
  });

  it.each([
    "version: 1",
    "version: 1\ntables:",
    "version: 1\ntables: {}",
    columns("# name: { type: text }"),
    columns("born:", "  type:", "  from:"),
  ])("says nothing where nothing is answered: %j", (text) => {
    expect(parse(text)).toEqual({ version: 1, tables: {} });
  });

  it.each([
    ["version: 2", "line 1, version: it is 1"],
    ["tables: {}", "version: it is 1"],
    [
      columns("nmae: { type: text }"),
      "line 5, tables.users.columns.nmae: table users has no column nmae. Did you mean name?",
    ],
    ["version: 1\ntables:\n  user: { skip: true }", "line 3, tables.user: there is no table user. Did you mean users?"],
    ["version: 1\ntables:\n  zzzzzz: {}", "There are: posts, users."],
    ["version: 1\ntables:\n  search: { skip: true }", "search is a virtual table"],
    ["version: 1\ntables:\n  people: { skip: true }", "people is a view"],
    [
      columns("name:", "  typ: text"),
      "line 6, tables.users.columns.name.typ: there is no rule typ here. Did you mean type?",
    ],
    ["version: 1\ntables:\n  users:\n    skipp: true", "there is no rule skipp here. Did you mean skip?"],
    ["version: 1\ntable: {}", "there is no rule table here. Did you mean tables?"],
    [columns("name: { type: varchar }"), "it is one of smallint, integer"],
    [columns("name: text"), "it is a group of rules"],
    ["version: 1\ntables: [users]", "it is a group of rules"],
    [columns("id: { type: bigint, scale: 2, precision: 4 }"), "scale goes with type numeric, and the type is bigint"],
    [columns("id: { scale: 2, precision: 4 }"), "the type is not set"],
    [columns("id: { type: numeric, precision: 2, scale: 4 }"), "scale 4 needs a precision of at least 4"],
    [columns("id: { type: numeric, scale: 2 }"), "scale 2 needs a precision"],
    [
      columns("born: { type: text, from: seconds }"),
      "from goes with type timestamp, timestamptz, date, and the type is text",
    ],
    [columns("born: { type: text, empty: null }"), "an empty text stays an empty text"],
    [columns("name: { type: bytea, nul: strip }"), "nul goes with type text"],
    [columns("id: { type: bigint, round: true }"), "round goes with type numeric"],
    [columns("name: { rename: id }"), "columns name and id would both be named id"],
    [columns("name: { rename: x }", "born: { rename: x }"), "columns name and born would both be named x"],
    ["version: 1\ntables:\n  users: { rename: posts }", "tables users and posts would both be named posts"],
    ["version: 1\ntables:\n  users: { skip: true, rename: people }", "a table that is left out has no other rules"],
    ["version: 1\ntables:\n  users: { skip: true }\n  USERS: { rename: u }", "table users stands twice"],
    [columns("name: { type: text }", "Name: { type: text }"), "column name stands twice"],
    [columns(`name: { rename: ${"x".repeat(64)} }`), "a name has at most 63 bytes"],
    ["version: 1\ntables: {", "rules.yaml is not valid YAML"],
    [columns("name: { type: text }", "name: { type: text }"), "rules.yaml is not valid YAML"],
  ])("is refused with the line and what to do: %j", (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it("tells of everything at once", () => {
    expect(refusal(columns("nmae: {}", "bron: {}")).split("\n")).toHaveLength(3);
  });

  it("lets one table take the name of another that is left out", () => {
    const rules = parse("version: 1\ntables:\n  users: { skip: true }\n  posts: { rename: users }");
    expect(rules.tables).toEqual({ users: { skip: true }, posts: { rename: "users" } });
  });
});
