import { DatabaseError } from "pg";
import type { RefusedColumn } from "./row";

/** Data, constraints and limits: what a server says of a row, not of itself. */
export const refusesRow = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && /^(22|23|54)/.test(error.code ?? "");

const REASONS: Readonly<Record<string, string>> = {
  "22001": "is too long for the column",
  "22003": "is a number beyond the column's type",
  "22007": "is no date or time that PostgreSQL takes",
  "22008": "is a date or time beyond the column's type",
  "22021": "is a text that is no UTF-8",
  "22P02": "is nothing that the column's type takes",
  "22P05": "has a character that PostgreSQL does not take",
  "23502": "is NULL, and the column is NOT NULL",
  "54000": "is larger than an index of PostgreSQL can hold",
};

/** Why the server refused a row, without the values that its own words show. */
export function serverRefusal(error: DatabaseError): RefusedColumn {
  const code = error.code ?? "";
  const column = error.column ?? /, column (.+?)(: |$)/.exec(error.where ?? "")?.[1] ?? "";
  if (code === "23505") return { column, reason: `has the values of another row in the unique ${error.constraint}` };
  if (code.startsWith("23") && error.constraint !== undefined)
    return { column, reason: `breaks the constraint ${error.constraint}` };
  return { column, reason: REASONS[code] ?? `is refused by PostgreSQL (${code})` };
}
