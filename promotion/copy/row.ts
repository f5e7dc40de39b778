import { quoteName } from "../../local/sqlite/shape";
import { type Codec, Refusal, type SqliteValue, type TablePlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";

/** Why a row cannot be carried: the target's column, and the reason without a value. */
export interface RefusedColumn {
  /** Empty when it is the whole row that cannot be carried. */
  readonly column: string;
  readonly reason: string;
}

/** A row of the source as it was read. */
export interface SourceRow {
  /** Of `sourceKey`, in its order; empty for a table without a declared key. */
  readonly key: readonly SqliteValue[];
  /** Of the plan's columns, in their order. */
  readonly values: readonly SqliteValue[];
  /** Reasons of those of the plan's `checks` that do not hold. */
  readonly failed: readonly string[];
}

/** The table of the source as the row `s`, for a FROM. */
export const sourceTable = (table: TablePlan): string => `main.${quoteName(table.source)} AS s`;

/**
 * SQL that reads rows for `readRow`: `SELECT … FROM main."t" AS s`, to which the caller adds WHERE and ORDER BY, and `before` the further
 * result columns that he wants first. The statement is to be `.raw().safeIntegers()`.
 */
export function selectRow(table: TablePlan, before: readonly string[] = []): string {
  const values = [
    ...table.sourceKey.map((name) => `s.${quoteName(name)}`),
    ...table.columns.map(({ select }) => select),
  ];
  const checks = (table.checks ?? []).map(({ sql }) => `(${sql})`);
  return `SELECT ${[...before, ...values.map(valueColumns), ...checks].join(", ")} FROM ${sourceTable(table)}`;
}

/** The row of a raw result of `selectRow`. `skip`: result columns before. */
export function readRow(table: TablePlan, raw: readonly unknown[], skip = 0): SourceRow {
  const keys = table.sourceKey.length;
  const count = keys + table.columns.length;
  const values: SqliteValue[] = [];
  for (let at = 0; at < count; at++) values.push(readValue(raw[skip + 2 * at], raw[skip + 2 * at + 1]));
  const failed = (table.checks ?? []).filter((_, at) => Number(raw[skip + 2 * count + at] ?? 0) === 0);
  return { key: values.slice(0, keys), values: values.slice(keys), failed: failed.map(({ reason }) => reason) };
}

/** The texts of a row for its columns, or why it cannot be carried. */
export type Encoded = { readonly fields: readonly (string | null)[] } | { readonly refusals: readonly RefusedColumn[] };

/** One row through the table's codecs and checks. */
export function encodeRow(table: TablePlan, row: SourceRow): Encoded {
  const fields: (string | null)[] = [];
  const refusals: RefusedColumn[] = row.failed.map((reason) => ({ column: "", reason }));
  const { codecs, keys } = encodersOf(table);
  for (const [at, { target }] of table.columns.entries()) {
    const encoded = codecs[at]?.encode(row.values[at] ?? null) ?? null;
    if (encoded instanceof Refusal) refusals.push({ column: target, reason: encoded.reason });
    else if (encoded === null && keys.has(target)) refusals.push({ column: target, reason: NULL_KEY });
    else fields.push(encoded);
  }
  return refusals.length === 0 ? { fields } : { refusals };
}

const NULL_KEY = "is NULL, and PostgreSQL has no NULL in a key";

/** Codecs are made once for a plan's table, not once for each row. */
const encoders = new WeakMap<TablePlan, { readonly codecs: readonly Codec[]; readonly keys: ReadonlySet<string> }>();

function encodersOf(table: TablePlan) {
  const known = encoders.get(table);
  if (known !== undefined) return known;
  const made = { codecs: table.columns.map(({ codec }) => codecOf(codec)), keys: new Set(table.targetKey) };
  encoders.set(table, made);
  return made;
}
