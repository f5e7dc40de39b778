import type { Database } from "better-sqlite3";
import { InvalidText, type SqliteValue } from "../model";
import { exportedRows, exportedTable } from "./rows";

/** The documented files, and the tables that they hold (S2-22). */
export const JSON_FILES = [
  ["agents.json", "agents"],
  ["balances.json", "user_balance"],
  ["payments.json", "payments"],
  ["messages.json", "chat_messages"],
] as const;

/** What a file of JSON could not hold as it is. */
export interface Unheld {
  readonly table: string;
  readonly column: string;
  readonly values: number;
}

/**
 * All rows of a table as a JSON array with an indent of 2, as `JSON.stringify(rows, null, 2)` would give it; but whole numbers of 64
 * bits are exact, and infinities are 1e999. Texts that are no UTF-8 get U+FFFD, and are counted in `unheld`. The caller holds a read
 * transaction.
 */
export function* jsonRows(db: Database, name: string, unheld: Unheld[]): Generator<string> {
  const table = exportedTable(db, name);
  const counts = new Map<string, number>();
  let separator = "[\n";
  for (const row of exportedRows(db, table, false)) {
    const fields = table.columns.map((column, n) => {
      const value = row[n] ?? null;
      if (value instanceof InvalidText) counts.set(column, (counts.get(column) ?? 0) + 1);
      return `    ${JSON.stringify(column)}: ${jsonValue(value)}`;
    });
    yield `${separator}  {\n${fields.join(",\n")}\n  }`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]" : "\n]";
  for (const [column, values] of counts) unheld.push({ table: name, column, values });
}

function jsonValue(value: SqliteValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
    return Object.is(value, -0) ? "-0.0" : JSON.stringify(value);
  }
  if (value instanceof InvalidText) return JSON.stringify(value.bytes.toString("utf8"));
  // A BLOB as the documented script would have written it.
  if (Buffer.isBuffer(value)) return `{"type":"Buffer","data":${JSON.stringify([...value])}}`;
  return JSON.stringify(value);
}
