import { escapeIdentifier } from "pg";
import type { Codec, TablePlan } from "../model";
import { valueColumns } from "../source/values";

/**
 * A whole row as one text, the same on both sides and no two rows alike: a text as `<bytes>:<text>`, NULL as `:`; any other value as its
 * text and a unit separator, which stands in none of them, NULL as nothing.
 */
export function rowText(table: TablePlan, fields: readonly (string | null)[]): string {
  return table.columns.map(({ codec }, at) => fieldText(codec.kind, fields[at] ?? null)).join("");
}

/** One field of a row's text. */
export function fieldText(kind: string, text: string | null): string {
  if (kind !== "text") return `${text ?? ""}${SEPARATOR}`;
  return text === null ? ":" : `${Buffer.byteLength(text)}:${text}`;
}

const SEPARATOR = "\u001f";

/** Functions take 100 arguments on either side. */
const ARGUMENTS = 90;

/** SQL of a row's text in PostgreSQL, over the row `t`. `concat` shows values as COPY does, and takes NULL for nothing. */
export function targetRowText({ columns }: TablePlan): string {
  const parts = columns.map(({ target, codec }) => {
    const column = `t.${escapeIdentifier(target)}`;
    return codec.kind === "text" ? `octet_length(${column}::text), ':', ${column}` : `${column}, E'\\x1f'`;
  });
  return concatenated(parts, 3);
}

/** SQL of a row's hash in PostgreSQL, a bigint. */
export const targetHash = (table: TablePlan): string => `hashtextextended((${targetRowText(table)}) COLLATE "C", 0)`;

/**
 * SQL of a row's text in SQLite, over the row `s`, for a UTF-8 database. What SQLite's own SQL cannot encode goes through the functions
 * of `rowFunctions`, which cost as much as all else.
 */
export function sourceRowText({ columns }: TablePlan, codecs: readonly Codec[]): string {
  const parts = columns.map(({ select, codec }, at) => {
    const field = `${FIELD}${at}(${valueColumns(select)})`;
    const own =
      codec.kind === "double"
        ? `CASE typeof(${select}) WHEN 'real' THEN ${REAL}${at}(${select}) ELSE ${field} END`
        : field;
    const sql = codecs[at]?.sql(select);
    if (sql?.canonical !== true) return { whole: own, quick: own };
    const quick = codec.kind === "text" ? `octet_length(${sql.text}), ':', ${sql.text}` : `${sql.text}, char(31)`;
    return { whole: `CASE WHEN ${sql.clean} THEN concat(${quick}) ELSE ${own} END`, quick, clean: sql.clean };
  });
  const clean = parts.flatMap((part) => (part.clean === undefined ? [] : [part.clean]));
  const quick = concatenated(
    parts.map((part) => part.quick),
    3,
  );
  if (clean.length === 0) return quick;
  return `CASE WHEN ${allOf(clean)} THEN ${quick} ELSE ${concatenated(
    parts.map(({ whole }) => whole),
    1,
  )} END`;
}

/** Names of the functions of column `n`: `ladder_field_n(class, value)` and, for a REAL, `ladder_real_n(value)`. */
export const FIELD = "ladder_field_";
export const REAL = "ladder_real_";

function concatenated(parts: readonly string[], each: number): string {
  const size = Math.floor(ARGUMENTS / each);
  if (parts.length <= size) return `concat(${parts.join(", ")})`;
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += size) groups.push(`concat(${parts.slice(at, at + size).join(", ")})`);
  return concatenated(groups, 1);
}

/** All of them in brackets of a few: SQLite limits the depth of an expression to 1,000, and a table may have 2,000 columns. */
export function allOf(terms: readonly string[]): string {
  const brackets: string[] = [];
  for (let at = 0; at < terms.length; at += ARGUMENTS)
    brackets.push(`(${terms.slice(at, at + ARGUMENTS).join(" AND ")})`);
  return brackets.join(" AND ");
}
