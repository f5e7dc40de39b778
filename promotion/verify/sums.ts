import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import { quarantinedKeys } from "../copy/quarantine";
import { encodeRow, readRow, selectRow, sourceTable } from "../copy/row";
import { type ColumnPlan, Refusal, type TablePlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";
import { type Decimal, decimalText, parseDecimal, withScale } from "../values/decimal";
import { isKept } from "./kept";
import { targetTable } from "./targetRows";

/** The sum of a column of money on both sides, exactly: decimals without zeros at their end. */
export interface MoneySum {
  /** In PostgreSQL. */
  readonly column: string;
  readonly source: string;
  readonly target: string;
}

/** Sums of a table's columns of money; rows in quarantine are left out. Reads whole columns: not for a moment when writers wait. */
export async function moneySums(db: Database, client: Client, table: TablePlan): Promise<MoneySum[]> {
  const columns = table.columns.filter(({ money }) => money === true);
  if (columns.length === 0) return [];
  // Not a sum of doubles, which depends on their order.
  const sums = columns.map(
    ({ target }) => `trim_scale(coalesce(sum(t.${escapeIdentifier(target)}::text::numeric), 0))::text`,
  );
  const asked = client.query<string[]>({
    text: `SELECT ${sums.join(", ")} FROM ${targetTable(table)}`,
    rowMode: "array",
  });
  asked.catch(() => undefined);
  const kept = new Set(await quarantinedKeys(client, table));
  const source = columns.map((column) => sourceSum(db, table, column, kept));
  const [target = []] = (await asked).rows;
  return columns.map((column, at) => ({
    column: column.target,
    source: source[at] ?? "",
    target: target[at] ?? "",
  }));
}

function sourceSum(db: Database, table: TablePlan, column: ColumnPlan, kept: ReadonlySet<string>): string {
  let total: Decimal = { negative: false, digits: "", scale: 0 };
  for (const text of kept.size === 0 ? textsOf(db, table, column) : carriedTextsOf(db, table, column, kept)) {
    const decimal = text === null ? undefined : parseDecimal(text);
    if (decimal !== undefined) total = added(total, decimal);
    else if (text !== null) return text;
  }
  return decimalText(total)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** Of all rows; those that cannot be carried have none. */
function* textsOf(db: Database, table: TablePlan, { select, codec }: ColumnPlan): Generator<string | null> {
  const { encode } = codecOf(codec);
  const rows = db
    .prepare<[], unknown[]>(`SELECT ${valueColumns(select)} FROM ${sourceTable(table)}`)
    .raw()
    .safeIntegers();
  for (const [storage, raw] of rows.iterate()) {
    const text = encode(readValue(storage, raw));
    yield text instanceof Refusal ? null : text;
  }
}

/** Without rows in quarantine, which any of their columns may have brought there. */
function* carriedTextsOf(db: Database, table: TablePlan, column: ColumnPlan, kept: ReadonlySet<string>) {
  const at = table.columns.indexOf(column);
  for (const raw of db.prepare<[], unknown[]>(selectRow(table)).raw().safeIntegers().iterate()) {
    const row = readRow(table, raw);
    const encoded = encodeRow(table, row);
    if ("fields" in encoded && !isKept(table, row, kept)) yield encoded.fields[at] ?? null;
  }
}

function added(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale, 0);
  const sum = signed(a, scale) + signed(b, scale);
  return { negative: sum < 0n, digits: sum === 0n ? "" : (sum < 0n ? -sum : sum).toString(), scale };
}

function signed(decimal: Decimal, scale: number): bigint {
  const { digits, negative } = withScale(decimal, scale).decimal;
  const size = BigInt(digits || "0");
  return negative ? -size : size;
}
