import { Unsure } from "../sql/unsure";
import { asText } from "./arithmetic";
import { collate, compare } from "./compare";
import { refuseRough } from "./digits";
import { foldedLiteral } from "./literals";
import { asInteger, boolean, closed, condition, integer, opaque, type Typed, text } from "./typed";
import { common } from "./values";

type Translate = (args: readonly Typed[]) => Typed;

const SAME_AS_2_52 = "4503599627370496";

/** A text argument; integers are read as their digits, as SQLite does. */
const textOf = (typed: Typed | undefined): string => {
  if (!typed) throw new Unsure("it leaves out an argument");
  return asText(typed);
};

function fold(name: "lower" | "upper"): Translate {
  // SQLite folds the letters of ASCII alone.
  return ([of]) =>
    of?.kind === "text" && of.literal !== undefined
      ? foldedLiteral(of.literal, name)
      : text(`${name}(${textOf(of)} COLLATE "C")`);
}

const trim =
  (name: "btrim" | "ltrim" | "rtrim"): Translate =>
  ([of, characters]) =>
    text(`${name}(${textOf(of)}, ${characters ? textOf(characters) : "' '"})`);

const length: Translate = ([of]) =>
  of?.kind === "bytea"
    ? integer(`octet_length(${of.sql})`, { small: true })
    : integer(`length(${textOf(of)})`, { small: true });

const whole = (typed: Typed | undefined): number | undefined =>
  typed?.kind === "integer" && typed.literal !== undefined ? Number(typed.literal) : undefined;

/** From a set place on, or from the end: what SQLite does with places outside the text is its own. */
const substring: Translate = ([of, start, count]) => {
  const from = whole(start);
  const characters = count && whole(count);
  if (
    of?.kind === "bytea" ||
    from === undefined ||
    (count && (characters ?? -1) < 0) ||
    from === 0 ||
    (from < 0 && count)
  )
    throw new Unsure("it takes a part of a text that is not counted from its beginning");
  if (from < 0) return text(`right(${textOf(of)}, ${-from})`);
  return text(`substr(${textOf(of)}, ${from}${count ? `, ${characters}` : ""})`);
};

const absolute: Translate = ([of]) => {
  const value = of && asInteger(of);
  if (value?.kind === "integer")
    return integer(`abs(${value.wide ? value.sql : `${closed(value)}::bigint`})`, { wide: true });
  if (value?.kind === "double" || value?.kind === "numeric") {
    const { affinity, collation, literal, ...shape } = value;
    const sql = value.kind === "double" ? `abs(${closed(value)}::double precision)` : `abs(${value.sql})`;
    return { ...shape, sql, atom: true };
  }
  throw (value && opaque(value)) ?? new Unsure("it takes the absolute value of no number");
};

/** Without digits only: SQLite rounds those of a float by its decimal text. Halves go away from zero, as PostgreSQL's do not. */
const round: Translate = ([of, digits]) => {
  const value = of && asInteger(of);
  if (!value || digits) throw new Unsure("it rounds to decimals, which the two do differently");
  if (value.kind === "integer" && value.small) return { sql: `${closed(value)}::double precision`, kind: "double" };
  if (value.kind !== "double" || value.literal !== undefined) throw opaque(value) ?? new Unsure("it rounds no float");
  refuseRough(value);
  const x = closed(value);
  const sql = `CASE WHEN abs(${x}) < ${SAME_AS_2_52} THEN 0 + trunc(${x} + sign(${x}) * 0.5) ELSE ${x} END`;
  return { sql, kind: "double" };
};

/** With nothing to look for SQLite gives the text back, even where the replacement is NULL. */
const replace: Translate = (args) => {
  if (!args[1]?.literal) throw new Unsure("it replaces a text that is not written out");
  return text(`replace(${args.map(textOf).join(", ")})`);
};

const hex: Translate = ([of]) => {
  if (of?.kind !== "bytea") throw new Unsure("it shows the bytes of a text");
  return text(`coalesce(upper(encode(${of.sql}, 'hex')), '')`);
};

/** The name of SQLite's class for values of a column that keeps one class; PostgreSQL's type sees to it from now on. */
const typeOf: Translate = ([of]) => {
  const names: Partial<Record<Typed["kind"], string>> = {
    integer: "integer",
    boolean: "integer",
    double: "real",
    text: "text",
    bytea: "blob",
  };
  const name = of && !of.mixed && names[of.kind];
  if (!name) throw new Unsure("it asks for typeof() of a column whose values are of several classes");
  return text(`CASE WHEN ${closed(of)} IS NULL THEN 'null' ELSE '${name}' END`, false);
};

const coalesce: Translate = (args) => {
  const [values, shape] = common(args);
  return { ...shape, sql: `coalesce(${values.map(({ sql }) => sql).join(", ")})`, atom: true };
};

const nullIf: Translate = ([first, second]) => {
  if (!first || !second) throw new Unsure("it leaves out an argument");
  // A function's arguments have no affinity.
  const same = compare({ ...first, affinity: undefined }, "=", { ...second, affinity: undefined });
  const { affinity, collation, collated, literal, ...value } = first;
  return { ...value, sql: `CASE WHEN ${same.sql} THEN NULL ELSE ${first.sql} END`, atom: false };
};

const inlineIf: Translate = ([test, yes, no]) => {
  if (!test || !yes) throw new Unsure("it leaves out an argument");
  const [values, shape] = common(no ? [yes, no] : [yes]);
  const otherwise = values[1] ? ` ELSE ${values[1].sql}` : "";
  return { ...shape, sql: `CASE WHEN ${condition(test)} THEN ${values[0]?.sql}${otherwise} END`, atom: false };
};

/** With several arguments no aggregate: NULL as soon as one is NULL, where PostgreSQL passes over it. */
const most =
  (name: "least" | "greatest"): Translate =>
  (args) => {
    const [values, shape] = common(args);
    if (shape.kind === "boolean" || args.some(({ collation }) => collation && collation !== "BINARY"))
      throw new Unsure(`it takes the ${name} of values that PostgreSQL orders otherwise`);
    const ordered = shape.kind === "text" ? values.map((value) => collate(value, "BINARY")) : values;
    const nulls = values.map((value) => `${closed(value)} IS NULL`).join(" OR ");
    const list = ordered.map(({ sql }) => sql).join(", ");
    return { ...shape, sql: `CASE WHEN ${nulls} THEN NULL ELSE ${name}(${list}) END`, atom: false };
  };

/** On a column that became jsonb, whose values are all valid. */
const jsonValid: Translate = ([of]) => {
  if (of?.codec?.kind !== "json")
    throw new Unsure("it asks whether a text is JSON, which only a jsonb column sees to: rule type: jsonb");
  return boolean(`CASE WHEN ${of.sql} IS NOT NULL THEN true END`);
};

/** Functions of SQLite that PostgreSQL has, and that give the same. With the counts of arguments that they are known for. */
const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number, Translate]>> = {
  lower: [1, 1, fold("lower")],
  upper: [1, 1, fold("upper")],
  trim: [1, 2, trim("btrim")],
  ltrim: [1, 2, trim("ltrim")],
  rtrim: [1, 2, trim("rtrim")],
  length: [1, 1, length],
  substr: [2, 3, substring],
  substring: [2, 3, substring],
  replace: [3, 3, replace],
  instr: [2, 2, ([of, part]) => integer(`strpos(${textOf(of)}, ${textOf(part)})`, { small: true })],
  abs: [1, 1, absolute],
  round: [1, 2, round],
  hex: [1, 1, hex],
  typeof: [1, 1, typeOf],
  coalesce: [2, 100, coalesce],
  ifnull: [2, 2, coalesce],
  nullif: [2, 2, nullIf],
  iif: [2, 3, inlineIf],
  if: [2, 3, inlineIf],
  min: [2, 100, most("least")],
  max: [2, 100, most("greatest")],
  json_valid: [1, 1, jsonValid],
};

/** @throws Unsure for functions that PostgreSQL does not have, or that give something else there. */
export function called(name: string, args: readonly Typed[]): Typed {
  const known = FUNCTIONS[name];
  if (!known) throw new Unsure(`it calls ${name}()`);
  const [least, greatest, translate] = known;
  if (args.length < least || args.length > greatest)
    throw new Unsure(`it calls ${name}() with ${args.length} arguments`);
  if (
    args.some(({ kind }) => kind === "null") &&
    name !== "coalesce" &&
    name !== "ifnull" &&
    name !== "iif" &&
    name !== "if"
  )
    throw new Unsure(`it calls ${name}() with NULL`);
  return translate(args);
}
