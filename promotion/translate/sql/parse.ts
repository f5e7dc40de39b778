import { primary } from "./primary";
import { Reader } from "./reader";
import type { Binary, Expression } from "./syntax";
import { Unsure } from "./unsure";

/** How tight operators bind, as SQLite's grammar has it: looser first. https://www.sqlite.org/lang_expr.html#operators */
const BINDS: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  "=": 4,
  "==": 4,
  "<>": 4,
  "!=": 4,
  is: 4,
  in: 4,
  like: 4,
  glob: 4,
  match: 4,
  regexp: 4,
  between: 4,
  isnull: 4,
  notnull: 4,
  not: 4,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "&": 6,
  "|": 6,
  "<<": 6,
  ">>": 6,
  "+": 7,
  "-": 7,
  "*": 8,
  "/": 8,
  "%": 8,
  "||": 9,
  "->": 9,
  "->>": 9,
  collate: 10,
};
const PREFIX_NOT = 3;
const TIGHTEST = 11;

/** Parses one whole expression of SQLite. @throws Unsure for subqueries, windows and whatever else is no plain expression. */
export function parseExpression(sql: string): Expression {
  const reader = new Reader(sql);
  const expression = readExpression(reader);
  reader.end();
  return expression;
}

/** Reads an expression whose operators bind at least as tight as `least`. */
export function readExpression(reader: Reader, least = 1): Expression {
  let left = prefix(reader);
  for (;;) {
    const token = reader.peek();
    if (token.kind !== "word" && token.kind !== "operator") return left;
    const operator = token.value.toLowerCase();
    const binds = BINDS[operator];
    if (binds === undefined || binds < least) return left;
    reader.next();
    left = suffix(reader, left, operator, binds);
  }
}

function prefix(reader: Reader): Expression {
  if (reader.sees("not") && !reader.sees("not", "exists")) {
    reader.next();
    return { type: "unary", operator: "not", operand: readExpression(reader, PREFIX_NOT) };
  }
  for (const operator of ["-", "+", "~"] as const)
    if (reader.takes(operator)) return { type: "unary", operator, operand: readExpression(reader, TIGHTEST) };
  return primary(reader, readExpression);
}

const SAME: Readonly<Record<string, Binary>> = { "==": "=", "!=": "<>" };

function suffix(reader: Reader, left: Expression, operator: string, binds: number): Expression {
  switch (operator) {
    case "is":
      return isSuffix(reader, left, binds);
    case "isnull":
    case "notnull":
      return { type: "isNull", not: operator === "notnull", operand: left };
    case "not":
      if (reader.takes("null")) return { type: "isNull", not: true, operand: left };
      return negatable(reader, left, reader.next().value.toLowerCase(), true);
    case "collate":
      return { type: "collate", operand: left, collation: reader.name().toUpperCase() };
    case "in":
    case "between":
    case "like":
    case "glob":
    case "match":
    case "regexp":
      return negatable(reader, left, operator, false);
    default: {
      const right = readExpression(reader, binds + 1);
      return { type: "binary", operator: SAME[operator] ?? (operator as Binary), left, right };
    }
  }
}

function isSuffix(reader: Reader, left: Expression, binds: number): Expression {
  const not = reader.takes("not");
  // IS DISTINCT FROM is IS NOT, and the other way round.
  const distinct = reader.takes("distinct", "from");
  const right = readExpression(reader, binds + 1);
  if (right.type === "null") return { type: "isNull", not: not !== distinct, operand: left };
  return { type: "is", not: not !== distinct, left, right };
}

function negatable(reader: Reader, operand: Expression, operator: string, not: boolean): Expression {
  const tighter = (BINDS.between ?? 0) + 1;
  if (operator === "between") {
    const low = readExpression(reader, tighter);
    reader.expect("and");
    return { type: "between", not, operand, low, high: readExpression(reader, tighter) };
  }
  if (operator === "in") {
    reader.expect("(");
    const list = [readExpression(reader)];
    while (reader.takes(",")) list.push(readExpression(reader));
    reader.expect(")");
    return { type: "in", not, operand, list };
  }
  if (operator === "like" || operator === "glob" || operator === "match" || operator === "regexp") {
    const pattern = readExpression(reader, tighter);
    const escaped = reader.takes("escape") ? { escape: readExpression(reader, tighter) } : {};
    return { type: "like", operator, not, operand, pattern, ...escaped };
  }
  throw new Unsure(`it has NOT ${operator.toUpperCase()}`);
}
