import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import { readRow, type SourceRow, selectRow } from "../copy/row";
import { sameKey, tableNumber } from "../log/sourceLog";
import { keyColumn, LOG } from "../log/sourceTriggers";
import { InvalidText, type SqliteValue, type TablePlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";

/** A key that was written, as the source and the target have it. */
export interface LoggedKey {
  /** An entry of the log that holds it. */
  readonly seq: bigint;
  readonly source: readonly SqliteValue[];
  /** Texts of `targetKey`; undefined when no row of the target can have such a key. */
  readonly target: readonly string[] | undefined;
}

/** A part of the log: entries after `from`, up to and with `to`. */
export interface Part {
  readonly from: bigint;
  readonly to: bigint;
}

/** The next part of at most so many entries, and no further than `end`; undefined when there is none. */
export function nextPart(db: Database, from: bigint, end: bigint, entries: number): Part | undefined {
  const to = db
    .prepare<[bigint, bigint, bigint], bigint | null>(
      `SELECT max(seq) FROM (SELECT seq FROM ${LOG} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?)`,
    )
    .pluck()
    .safeIntegers()
    .get(from, end, BigInt(entries));
  return typeof to === "bigint" ? { from, to } : undefined;
}

/** The distinct keys of a table in a part of the log. */
export function loggedKeys(db: Database, table: TablePlan, { from, to }: Part): LoggedKey[] {
  const columns = table.sourceKey.map((_, at) => keyColumn(at));
  const named = columns.map((column, at) => `${column} AS ${quoteName(table.sourceKey[at] ?? "")}`);
  const keyPlans = targetKeyPlans(table);
  const values = [...table.sourceKey.map((name) => `s.${quoteName(name)}`), ...keyPlans.map(({ select }) => select)];
  const codecs = keyPlans.map(({ codec }) => codecOf(codec));
  const rows = db
    .prepare<[bigint, bigint, bigint], unknown[]>(
      `SELECT s."_ladder_seq", ${values.map(valueColumns).join(", ")} FROM (SELECT max(seq) AS "_ladder_seq", ${named.join(", ")}
       FROM ${LOG} WHERE seq > ? AND seq <= ? AND t = ? GROUP BY ${sameKey(columns)}) AS s`,
    )
    .raw()
    .safeIntegers()
    .all(from, to, BigInt(tableNumber(db, table)));
  return rows.map((row) => {
    const read = values.map((_, at) => readValue(row[1 + 2 * at], row[2 + 2 * at]));
    const texts = codecs.map((codec, at) => codec.encode(read[columns.length + at] ?? null));
    const known = texts.filter((text) => typeof text === "string");
    return {
      seq: BigInt(String(row[0])),
      source: read.slice(0, columns.length),
      target: known.length === texts.length ? known : undefined,
    };
  });
}

/** The columns of a table's target key, in its order. */
export function targetKeyPlans(table: TablePlan) {
  return table.targetKey.map((name) => {
    const column = table.columns.find(({ target }) => target === name);
    if (column === undefined) throw new Error(`the key ${name} of ${table.target} is none of its columns`);
    return column;
  });
}

/** Reads the rows that have a logged key now: none, one, or several where SQLite lets NULL into the key. */
export function rowReader(db: Database, table: TablePlan): (key: LoggedKey) => SourceRow[] {
  const same = table.sourceKey.map(
    (name, at) => `s.${quoteName(name)} IS (SELECT ${keyColumn(at)} FROM ${LOG} WHERE seq = @seq)`,
  );
  const read = db
    .prepare<[{ seq: bigint }], unknown[]>(`${selectRow(table)} WHERE ${same.join(" AND ")}`)
    .raw()
    .safeIntegers();
  return ({ seq, source }) =>
    read
      .all({ seq })
      .map((raw) => readRow(table, raw))
      // A collation may find "A" for "a": that row's own key was logged too.
      .filter(({ key }) => key.every((value, at) => sameValue(value, source[at] ?? null)));
}

function sameValue(left: SqliteValue, right: SqliteValue): boolean {
  if (Buffer.isBuffer(left)) return Buffer.isBuffer(right) && left.equals(right);
  if (left instanceof InvalidText) return right instanceof InvalidText && left.bytes.equals(right.bytes);
  return left === right;
}
