import { parseExpression } from "../sql/parse";
import type { Expression } from "../sql/syntax";
import { Unsure } from "../sql/unsure";
import { collates, parts } from "../sql/walk";
import { AGGREGATES, aggregate } from "./aggregates";
import { arithmetic, bits, joined } from "./arithmetic";
import { cast } from "./cast";
import { chance } from "./chance";
import { comparable, compare } from "./compare";
import { called } from "./functions";
import { like } from "./like";
import { blobLiteral, integerLiteral, numberLiteral, stringLiteral } from "./literals";
import { current, NOW_FUNCTIONS, nowFunction } from "./now";
import { asInteger, boolean, closed, condition, integer, opaque, type Scope, type Typed } from "./typed";
import { common } from "./values";

/** Translates an expression of SQLite's SQL. @throws Unsure where no expression of PostgreSQL surely gives the same. */
export const translateExpression = (sql: string, scope: Scope): Typed => translated(parseExpression(sql), scope);

/** The same as a condition: of CHECK, WHERE and ON. */
export const translateCondition = (sql: string, scope: Scope): string => condition(translateExpression(sql, scope));

/** @throws Unsure */
export function translated(expression: Expression, scope: Scope): Typed {
  refuseCollations(expression);
  const of = (inner: Expression): Typed => translated(inner, scope);
  switch (expression.type) {
    case "number":
      return numberLiteral(expression.text);
    case "string":
      return stringLiteral(expression.value);
    case "blob":
      return blobLiteral(expression.hex);
    case "null":
      return { sql: "NULL", kind: "null", atom: true };
    case "current":
      changing(scope, "the present time");
      return current(expression.what);
    case "column":
      return column(expression, scope);
    case "unary":
      return unary(expression, of);
    case "binary":
      return binary(expression, of);
    case "like":
      return like(
        expression.operator,
        expression.not,
        of(expression.operand),
        of(expression.pattern),
        expression.escape && of(expression.escape),
      );
    case "isNull":
      return boolean(`${closed(of(expression.operand))} IS ${expression.not ? "NOT " : ""}NULL`);
    case "is":
      return is(expression, scope, of);
    case "collate":
      return collated(of(expression.operand), expression.collation);
    case "between":
      return between(expression, of);
    case "in":
      return inList(expression, of);
    case "case":
      return caseOf(expression, of);
    case "cast":
      return cast(of(expression.operand), expression.to);
    case "call":
      return call(expression, scope, of);
  }
}

/** SQLite hands a COLLATE on through functions, CASE and the like, and out of them to the next comparison. */
function refuseCollations(expression: Expression): void {
  const computes =
    ["call", "case", "cast"].includes(expression.type) ||
    (expression.type === "unary" && expression.operator !== "not") ||
    (expression.type === "binary" && expression.operator === "||");
  if (computes && parts(expression).some(collates)) throw new Unsure("it has COLLATE inside another expression");
}

type Of = (inner: Expression) => Typed;
type Node<T extends Expression["type"]> = Extract<Expression, { type: T }>;

function changing({ changing }: Scope, what: string): void {
  if (!changing) throw new Unsure(`it depends on ${what}`);
}

function column({ table, name, doubled }: Node<"column">, scope: Scope): Typed {
  const found = scope.column(name, table);
  if (found) return found;
  if (doubled) return stringLiteral(name);
  if (/^(true|false)$/i.test(name) && !table) return integerLiteral(/^true$/i.test(name) ? 1n : 0n);
  throw new Unsure(`it names ${table ? `${table}.` : ""}${name}, which is no column here`);
}

function unary({ operator, operand }: Node<"unary">, of: Of): Typed {
  if (operator === "-" && operand.type === "number") return negative(operand.text);
  const value = of(operand);
  const unsure = opaque(value);
  if (unsure) throw unsure;
  if (operator === "not")
    return boolean(
      `NOT ${closed({ ...value, sql: condition(value), atom: value.kind === "boolean" && value.atom === true })}`,
    );
  // A column with a plus before it has no affinity.
  if (operator === "+") return withoutAffinity(value);
  const number = asInteger(value);
  if (number.kind === "integer") {
    if (operator === "~") return integer(`~ ${wide(number)}`, { atom: false, wide: true });
    return integer(`- ${wide(number)}`, { atom: false, wide: true, small: number.small ?? false });
  }
  if (operator === "-" && (number.kind === "double" || number.kind === "numeric")) {
    const { affinity, literal, ...shape } = number;
    // SQLite subtracts from 0, and so has no negative 0 here.
    return { ...shape, sql: `0 - ${closed(number)}`, atom: false };
  }
  throw new Unsure(`it uses ${operator} on a ${value.kind}`);
}

const wide = (typed: Typed): string => (typed.wide ? closed(typed) : `${closed(typed)}::bigint`);

function negative(text: string): Typed {
  const value = numberLiteral(text);
  if (value.kind === "integer") return integerLiteral(-BigInt(value.literal ?? 0));
  return { ...value, sql: `-${value.sql}`, literal: `-${value.literal}`, atom: false };
}

const withoutAffinity = ({ affinity, ...value }: Typed): Typed => {
  if (affinity === "TEXT" && value.kind !== "text") throw new Unsure("it takes the affinity from a column");
  return value;
};

function binary({ operator, left, right }: Node<"binary">, of: Of): Typed {
  const [a, b] = [of(left), of(right)];
  switch (operator) {
    case "and":
    case "or":
      return boolean([a, b].map((side) => `(${condition(side)})`).join(` ${operator.toUpperCase()} `));
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(a, operator, b);
    case "&":
    case "|":
    case "<<":
    case ">>":
      return bits(a, operator, b);
    case "||":
      return joined(a, b);
    case "->":
    case "->>":
      throw new Unsure("it looks into a JSON document");
    default:
      return arithmetic(a, operator, b);
  }
}

/** `x IS TRUE` asks for truth, `x IS y` for sameness. */
function is({ not, left, right }: Node<"is">, scope: Scope, of: Of): Typed {
  const value = of(left);
  if (right.type === "column" && /^(true|false)$/i.test(right.name) && !scope.column(right.name, right.table))
    return boolean(`(${condition(value)}) IS ${not ? "NOT " : ""}${right.name.toUpperCase()}`);
  return compare(value, not ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM", of(right));
}

function collated(value: Typed, collation: string): Typed {
  if (value.kind !== "text") throw opaque(value) ?? new Unsure(`it has COLLATE on a ${value.kind}`);
  return { ...value, collation, collated: true };
}

function between({ not, operand, low, high }: Node<"between">, of: Of): Typed {
  const value = of(operand);
  const sql = `(${compare(value, ">=", of(low)).sql}) AND (${compare(value, "<=", of(high)).sql})`;
  return boolean(not ? `NOT (${sql})` : sql);
}

function inList({ not, operand, list }: Node<"in">, of: Of): Typed {
  const value = of(operand);
  if (value.kind === "null") throw new Unsure("it looks for NULL in a list");
  const pairs = list.map((item) => {
    // The collation and the affinity of the left side alone count here.
    const { collation, collated, affinity, ...plain } = of(item);
    return comparable(value, plain, false);
  });
  const left = closed(pairs[0]?.[0] ?? value);
  if (pairs.some(([side]) => closed(side) !== left))
    throw new Unsure("it looks for a value among others of several kinds");
  return boolean(`${left} ${not ? "NOT " : ""}IN (${pairs.map(([, item]) => item.sql).join(", ")})`);
}

function caseOf({ operand, whens, otherwise }: Node<"case">, of: Of): Typed {
  const base = operand && of(operand);
  const results = [...whens.map(({ result }) => of(result)), ...(otherwise ? [of(otherwise)] : [])];
  const [values, shape] = common(results);
  const branches = whens.map(({ when }, n) => {
    const test = base ? compare(base, "=", of(when)).sql : condition(of(when));
    return `WHEN ${test} THEN ${values[n]?.sql}`;
  });
  const last = otherwise ? ` ELSE ${values.at(-1)?.sql}` : "";
  return { ...shape, sql: `CASE ${branches.join(" ")}${last} END` };
}

function call({ name, distinct, star, args }: Node<"call">, scope: Scope, of: Of): Typed {
  if (AGGREGATES.includes(name) && (args.length === 1 || star) && scope.aggregates)
    return aggregate(name, distinct, star ? undefined : args.map(of)[0]);
  if (distinct || star) throw new Unsure(`it calls ${name}() in a way that is not known`);
  if (NOW_FUNCTIONS.includes(name)) {
    changing(scope, "the present time");
    return nowFunction(name, args.map(of));
  }
  const random = chance(name, args, of);
  if (!random) return called(name, args.map(of));
  changing(scope, "chance");
  return random;
}
