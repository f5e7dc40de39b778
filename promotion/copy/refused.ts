import { ExitCode, UserError } from "../../settings/errors";
import { InvalidText, type SqliteValue } from "../model";
import type { ToldRefusal } from "./messages";

/** Rows of a table that cannot be carried. */
export interface RefusedRows {
  readonly table: string;
  /** So many at least: the rest of the table was not looked at any more. */
  readonly rows: number;
  readonly examples: readonly ToldRefusal[];
}

/** A key in words, one line, not endless. */
export function toldKey(key: readonly SqliteValue[]): string {
  const words = key.map((value) => {
    if (value === null) return "NULL";
    if (value instanceof InvalidText) return `x'${value.bytes.toString("hex")}'`;
    if (Buffer.isBuffer(value)) return `x'${value.toString("hex")}'`;
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  });
  const text = words.join(", ");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Keys that are shown for each reason. */
const SHOWN = 3;

/** All that cannot be carried, by table, column and reason, with some keys; no values. */
export function refusedRows(tables: readonly RefusedRows[]): UserError {
  const lines = tables.flatMap(({ table, rows, examples }) => [
    `${table}: ${rows} ${rows === 1 ? "row" : "rows"}`,
    ...byReason(examples).map(([reason, keys]) => {
      const shown = keys.filter((key) => key !== "").slice(0, SHOWN);
      return `  ${reason}${shown.length === 0 ? "" : ` (key ${shown.join("; ")}${keys.length > shown.length ? "; …" : ""})`}`;
    }),
  ]);
  return new UserError(
    `Some rows cannot be carried as the plan says:\n${lines.join("\n")}\nSQLite was not changed. Mend them there and run again: the copy goes on from here. Or go back with --rollback, and begin again with other rules, or with --quarantine, which keeps such rows aside.`,
    ExitCode.refused,
  );
}

function byReason(examples: readonly ToldRefusal[]): [string, string[]][] {
  const reasons = new Map<string, string[]>();
  for (const { key, column, reason } of examples) {
    const words = `${column} ${reason}`.trim();
    reasons.set(words, [...(reasons.get(words) ?? []), key]);
  }
  return [...reasons].sort(([, a], [, b]) => b.length - a.length);
}
