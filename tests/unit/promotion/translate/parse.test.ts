import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExpression } from "../../../../promotion/translate/sql/parse";
import type { Expression } from "../../../../promotion/translate/sql/syntax";
import { sureOr } from "../../../../promotion/translate/sql/unsure";

/** The expression with every parenthesis written, in SQLite's SQL again. */
function written(of: Expression): string {
  switch (of.type) {
    case "number":
      return of.text;
    case "string":
      return `'${of.value.replaceAll("'", "''")}'`;
    case "null":
      return "NULL";
    case "unary":
      return `(${of.operator} ${written(of.operand)})`;
    case "binary":
      return `(${written(of.left)} ${of.operator} ${written(of.right)})`;
    case "isNull":
      return `(${written(of.operand)} ${of.not ? "NOTNULL" : "ISNULL"})`;
    case "is":
      return `(${written(of.left)} IS ${of.not ? "NOT " : ""}${written(of.right)})`;
    case "between":
      return `(${written(of.operand)} ${of.not ? "NOT " : ""}BETWEEN ${written(of.low)} AND ${written(of.high)})`;
    case "in":
      return `(${written(of.operand)} ${of.not ? "NOT " : ""}IN (${of.list.map(written).join(", ")}))`;
    case "like":
      return `(${written(of.operand)} ${of.not ? "NOT " : ""}${of.operator} ${written(of.pattern)})`;
    case "collate":
      return `(${written(of.operand)} COLLATE ${of.collation})`;
    default:
      throw new Error(`no test writes ${of.type}`);
  }
}

const leaf = fc.constantFrom("1", "2", "0", "3", "'a'", "'B'", "NULL", "-1");
const operator = fc.constantFrom(
  ...["+", "-", "*", "/", "%", "||", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "&", "|", "<<", ">>", "AND", "OR"],
  ...["IS", "IS NOT", "LIKE", "NOT LIKE", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"],
);
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(operator, leaf).map(([o, x]) => ` ${o} ${x}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(operator, fc.constantFrom("NOT", "-", "~", "+"), leaf).map(([o, u, x]) => ` ${o} ${u} ${x}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(" ISNULL", " NOT NULL", " NOTNULL", " COLLATE NOCASE", " IN (1, 2)", " NOT IN (3)"),
  },
  { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => ` BETWEEN ${a} AND ${b}`) },
);
const flat = fc
  .tuple(fc.constantFrom("", "NOT ", "- ", "~ "), leaf, fc.array(piece, { minLength: 1, maxLength: 6 }))
  .map(([prefix, first, rest]) => prefix + first + rest.join(""));

describe("an expression", () => {
  it("is parsed as SQLite binds its operators", () => {
    const db = new Database(":memory:");
    const value = (sql: string) => db.prepare(`SELECT quote(${sql})`).pluck().get();
    fc.assert(
      fc.property(flat, (sql) => {
        const parsed = sureOr(() => written(parseExpression(sql)));
        if ("value" in parsed) expect(value(parsed.value), parsed.value).toEqual(value(sql));
        else expect(sql).toMatch(/BETWEEN/);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["a subquery", "a IN (SELECT 1)"],
    ["EXISTS", "EXISTS (SELECT 1)"],
    ["a window", "sum(a) OVER ()"],
    ["a row of values", "(a, b) = (1, 2)"],
    ["a parameter", "a = ?"],
    ["something unfinished", "a = "],
    ["something after it", "a b"],
    ["CAST without an end", "CAST(a AS DECIMAL(10"],
  ])("with %s is not taken", (_what, sql) => {
    expect(sureOr(() => parseExpression(sql))).toHaveProperty("reason");
  });
});
