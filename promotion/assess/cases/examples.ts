import type { Database } from "better-sqlite3";
import { quoteName } from "../../../local/sqlite/shape";
import { InvalidText, type SourceTable } from "../../model";
import { readValue, valueColumns } from "../../source/values";
import { jsonbRefuses } from "../textKinds";

/** Most keys that a case shows. */
export const EXAMPLES = 5;
/** Longer keys are cut off in a report. */
const LONGEST_KEY = 60;

/** SQL functions for what SQL alone cannot tell of a text. */
export function registerTests(db: Database): void {
  const options = { deterministic: true, directOnly: true };
  db.function("ladder_is_invalid", options, (storage: unknown, raw: unknown) =>
    readValue(storage, raw) instanceof InvalidText ? 1 : 0,
  );
  db.function("ladder_jsonb_refuses", options, (text: unknown) =>
    typeof text === "string" && jsonbRefuses(text) ? 1 : 0,
  );
}

/** SQL that is true for a text that is no valid UTF-8. Needs `registerTests`. */
export const isInvalid = (expression: string): string =>
  `typeof(${expression}) = 'text' AND ladder_is_invalid(${valueColumns(expression)})`;

function shown(value: unknown): string {
  const text = Buffer.isBuffer(value) ? `x'${value.toString("hex")}'` : value === null ? "NULL" : String(value);
  // A key may hold anything, and goes to a terminal.
  const printable = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return printable.length > LONGEST_KEY ? `${printable.slice(0, LONGEST_KEY)}…` : printable;
}

/** A name of the rowid that no column has taken. */
export function rowidName({ columns, withoutRowid }: SourceTable): string | undefined {
  const taken = columns.map(({ name }) => name.toLowerCase());
  return withoutRowid ? undefined : ["rowid", "_rowid_", "oid"].find((name) => !taken.includes(name));
}

/** What a row is known by: its primary key, or the rowid where none is declared and no column has taken that name. */
function keyColumns(table: SourceTable): { label: string; sql: string }[] {
  const { primaryKey } = table;
  if (primaryKey.length > 0) return primaryKey.map((name) => ({ label: name, sql: quoteName(name) }));
  const rowid = rowidName(table);
  return rowid === undefined ? [] : [{ label: "rowid", sql: rowid }];
}

/** Keys of the first rows for which `where` is true, as `id=5`, or `a=1, b=x` for several columns. Empty where rows have nothing to be known by. */
export function exampleKeys(db: Database, table: SourceTable, where: string): string[] {
  const key = keyColumns(table);
  if (key.length === 0) return [];
  return db
    .prepare<[], unknown[]>(
      `SELECT ${key.map(({ sql }) => sql).join(", ")} FROM main.${quoteName(table.name)} WHERE ${where} LIMIT ${EXAMPLES}`,
    )
    .raw()
    .safeIntegers()
    .all()
    .map((values) => values.map((value, at) => `${key[at]?.label}=${shown(value)}`).join(", "));
}

/** How many rows there are for which `where` is true. */
export const countRows = (db: Database, table: SourceTable, where: string): number =>
  Number(
    db
      .prepare(`SELECT count(*) FROM main.${quoteName(table.name)} WHERE ${where}`)
      .pluck()
      .get(),
  );
