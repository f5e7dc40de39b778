import { Unsure } from "../sql/unsure";
import { digitsOf, EXACT_DIGITS, isRough } from "./digits";
import { doubleLiteral, foldedLiteral, integerLiteral, stringLiteral } from "./literals";
import { asInteger, boolean, closed, opaque, type Typed } from "./typed";

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=" | "IS NOT DISTINCT FROM" | "IS DISTINCT FROM";

/** Compares as SQLite does: with its affinities and its collations. @throws Unsure where PostgreSQL cannot. */
export function compare(left: Typed, operator: Comparison, right: Typed): Typed {
  const flag = flagOf(left, operator, right) ?? flagOf(right, operator, left);
  if (flag) return flag;
  const [a, b] = comparable(left, right, /[<>]=?$/.test(operator) && operator !== "<>");
  return boolean(`${closed(a)} ${operator} ${closed(b)}`);
}

/** `active = 1` is `active`. */
function flagOf(flag: Typed, operator: Comparison, other: Typed): Typed | undefined {
  if (flag.kind !== "boolean" || (other.literal !== "0" && other.literal !== "1") || other.kind !== "integer")
    return undefined;
  if (operator === "=" || operator === "<>") {
    const wanted = (other.literal === "1") === (operator === "=");
    return wanted ? flag : boolean(`NOT ${closed(flag)}`);
  }
  if (!operator.startsWith("IS")) return undefined;
  return boolean(`${closed(flag)} ${operator} ${other.literal === "1"}`);
}

const numeric = (affinity: Typed["affinity"]): boolean =>
  affinity === "INTEGER" || affinity === "REAL" || affinity === "NUMERIC";

/** Both sides in forms that PostgreSQL compares with the same outcome; `ordered`: also which comes first. @throws Unsure */
export function comparable(left: Typed, right: Typed, ordered: boolean): readonly [Typed, Typed] {
  const unsure = opaque(left) ?? opaque(right);
  if (unsure) throw unsure;
  if (left.kind === "null" || right.kind === "null") return [left, right];
  if (left.kind === "boolean" && right.kind === "boolean") return [left, right];
  const [a, b] = converted(asNumber(left, right), asNumber(right, left));
  if (a.kind === "text" && b.kind === "text") return collatedAlike(a, b, ordered);
  if (a.kind === "bytea" && b.kind === "bytea") return [a, b];
  if (alike(a, b) || alike(b, a)) return [a, b];
  throw new Unsure(`it compares ${a.kind} with ${b.kind}`);
}

const asNumber = (typed: Typed, other: Typed): Typed =>
  typed.kind === "boolean" || (typed.number && other.kind !== "text") ? asInteger(typed) : typed;

/** SQLite converts one side when the other is a column of another affinity. Here only literals are, where the outcome is known. */
function converted(left: Typed, right: Typed): readonly [Typed, Typed] {
  if (left.kind === right.kind) {
    if (left.kind === "text") {
      refuseNumberLike(left, right);
      refuseNumberLike(right, left);
    }
    return [left, right];
  }
  return [literalFor(left, right) ?? left, literalFor(right, left) ?? right];
}

/** A text column whose affinity turns number-like strings into numbers never equals them as texts. */
function refuseNumberLike(column: Typed, other: Typed): void {
  if (
    numeric(column.affinity) &&
    (other.literal === undefined || isNumber(other.literal)) &&
    other.affinity !== column.affinity
  )
    throw new Unsure("it compares a text with a column that SQLite takes for numbers");
}

const isNumber = (value: string): boolean => value.trim() !== "" && Number.isFinite(Number(value));
const isInteger = (value: string): boolean => /^(0|-?[1-9]\d{0,17})$/.test(value);

function literalFor(side: Typed, other: Typed): Typed | undefined {
  const { literal } = side;
  if (literal === undefined) return undefined;
  if (side.kind === "integer" && other.kind === "text" && other.affinity === "TEXT") return stringLiteral(literal);
  if (side.kind !== "text" || !numeric(other.affinity)) return undefined;
  if (isInteger(literal)) return integerLiteral(BigInt(literal));
  return isNumber(literal) && String(Number(literal)) === literal ? doubleLiteral(Number(literal)) : undefined;
}

const isShort = (typed: Typed): boolean => digitsOf(typed) <= EXACT_DIGITS;

/** Whether numbers of two kinds compare exactly in PostgreSQL, as they do in SQLite. */
function alike(a: Typed, b: Typed): boolean {
  if (isRough(a)) return isShort(b) && (b.kind !== "double" || b.mixed === true || b.literal !== undefined);
  if (isRough(b)) return false;
  if (a.kind === b.kind) return a.kind === "integer" || a.kind === "double" || a.kind === "numeric";
  if (a.kind === "numeric") {
    if (b.kind === "integer") return a.affinity !== "REAL" || b.small === true;
    return b.kind === "double" && (b.literal !== undefined ? b.small === true : isShort(a));
  }
  if (a.kind !== "double" || b.kind !== "integer") return false;
  return b.small === true || a.mixed === true || (a.literal !== undefined && a.small === true);
}

/** The collation of the left side counts, unless the right side alone says one. */
function collatedAlike(left: Typed, right: Typed, ordered: boolean): readonly [Typed, Typed] {
  const from = left.collated ? left : right.collated ? right : left.collation ? left : right;
  const collation = (from.collation ?? "BINARY").toUpperCase();
  // PostgreSQL's equality is that of bytes whatever the collation.
  if (collation === "BINARY") return ordered ? [collate(left, collation), right] : [left, right];
  return [collate(left, collation), collate(right, collation)];
}

/** The text in a form that PostgreSQL compares byte by byte. NOCASE folds the letters of ASCII alone, as PostgreSQL's "C" does. */
export function collate(typed: Typed, collation: string): Typed {
  const plain = { kind: "text", atom: true } as const;
  switch (collation.toUpperCase()) {
    case "BINARY":
      return { ...plain, sql: `${closed(typed)} COLLATE "C"`, atom: false };
    case "NOCASE":
      if (typed.literal !== undefined) return collate(foldedLiteral(typed.literal, "lower"), "BINARY");
      return { ...plain, sql: `lower(${closed(typed)} COLLATE "C")` };
    case "RTRIM":
      return { ...plain, sql: `rtrim(${closed(typed)}, ' ') COLLATE "C"`, atom: false };
    default:
      throw new Unsure(`it compares by ${collation}, which PostgreSQL does not have`);
  }
}
