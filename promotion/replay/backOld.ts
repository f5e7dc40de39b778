import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import { encodeRow, readRow, selectRow, sourceTable } from "../copy/row";
import type { Codec, ColumnPlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";
import type { Changed } from "./backChanges";
import { address, type BackTable, plainColumn } from "./backPlan";
import { targetKeyPlans } from "./logged";

/** A row's place in the source, as better-sqlite3 gives it raw, and its key in the target. */
interface Found {
  readonly at: readonly unknown[];
  readonly key: string;
}

/** Temporary table that holds a table's changed rows as they were. */
export const oldRows = ({ no }: BackTable): string => `temp._ladder_old_${no}`;
export const OLD_KEY = "_ladder_key";
export const OLD_ROWID = "_ladder_rowid";

/** One text for a key of the target. */
export const keyText = (key: readonly (string | null)[]): string => JSON.stringify(key);

/** Keeps the changed rows of a table as they are. Gives how many, and what takes them out of the table. */
export function keepOldRows(db: Database, table: BackTable, changed: Changed): { rows: number; remove: () => void } {
  const old = oldRows(table);
  const rowid = table.rowid === undefined ? "NULL" : `s.${table.rowid}`;
  const found = changed.whole ? carriedRows(db, table) : rowsWithKeys(db, table, changed.keys);
  db.exec(`DROP TABLE IF EXISTS ${old}; CREATE TABLE ${old} AS
    SELECT '' AS ${OLD_KEY}, ${rowid} AS ${OLD_ROWID}, s.* FROM ${sourceTable(table.plan)} WHERE false`);
  const here = address(table)
    .map((term) => `${term} IS ?`)
    .join(" AND ");
  const keep = db.prepare(`INSERT INTO ${old} SELECT ?, ${rowid}, s.* FROM ${sourceTable(table.plan)} WHERE ${here}`);
  for (const { at, key } of found) keep.run(key, ...at);
  db.exec(`CREATE INDEX temp._ladder_old_key_${table.no} ON _ladder_old_${table.no} (${OLD_KEY})`);
  const remove = db.prepare(`DELETE FROM main.${quoteName(table.plan.source)} AS s WHERE ${here}`);
  return {
    rows: found.length,
    remove: () => {
      for (const { at } of found) remove.run(...at);
    },
  };
}

/** All rows that have a place in PostgreSQL; the others, which are in quarantine there, are left alone. */
function carriedRows(db: Database, table: BackTable): Found[] {
  const terms = address(table);
  const positions = table.plan.targetKey.map((name) => table.plan.columns.findIndex(({ target }) => target === name));
  const rows = db.prepare<[], unknown[]>(selectRow(table.plan, terms)).raw().safeIntegers();
  const found: Found[] = [];
  for (const raw of rows.iterate()) {
    const encoded = encodeRow(table.plan, readRow(table.plan, raw, terms.length));
    if ("refusals" in encoded) continue;
    found.push({ at: raw.slice(0, terms.length), key: keyText(positions.map((at) => encoded.fields[at] ?? null)) });
  }
  return found;
}

function rowsWithKeys(db: Database, table: BackTable, keys: Changed["keys"]): Found[] {
  const plans = targetKeyPlans(table.plan);
  const codecs = plans.map(({ codec }) => codecOf(codec));
  return plans.every((plan) => isExact(table, plan)) ? lookUp(db, table, keys, codecs) : scan(db, table, keys, codecs);
}

/** True when only one value of SQLite gives a text of PostgreSQL, so that the row can be found by it. */
function isExact({ plan }: BackTable, { select, codec }: ColumnPlan): boolean {
  const column = plainColumn(select);
  if (codec.kind === "integer") return column !== undefined && column === plan.rowid;
  return (
    column !== undefined && codec.kind === "text" && !codec.numbers && !codec.nul && !codec.invalid && !codec.empty
  );
}

function lookUp(db: Database, table: BackTable, keys: Changed["keys"], codecs: readonly Codec[]): Found[] {
  const same = targetKeyPlans(table.plan).map(({ select }) => `${select} COLLATE BINARY IS ?`);
  const find = db
    .prepare<unknown[], unknown[]>(
      `SELECT ${address(table).join(", ")} FROM ${sourceTable(table.plan)} WHERE ${same.join(" AND ")}`,
    )
    .raw()
    .safeIntegers();
  return keys.flatMap((key) => {
    const at = find.get(...codecs.map((codec, n) => codec.decode(key[n] ?? null)));
    return at === undefined ? [] : [{ at, key: keyText(key) }];
  });
}

/** Keys that are made by an expression, or in several ways, are made for every row and compared. */
function scan(db: Database, table: BackTable, keys: Changed["keys"], codecs: readonly Codec[]): Found[] {
  const wanted = new Set(keys.map(keyText));
  const terms = address(table);
  const values = targetKeyPlans(table.plan).map(({ select }) => valueColumns(select));
  const rows = db
    .prepare<[], unknown[]>(`SELECT ${[...terms, ...values].join(", ")} FROM ${sourceTable(table.plan)}`)
    .raw()
    .safeIntegers();
  const found: Found[] = [];
  for (const raw of rows.iterate()) {
    const texts = codecs.map((codec, at) =>
      codec.encode(readValue(raw[terms.length + 2 * at], raw[terms.length + 2 * at + 1])),
    );
    const key = JSON.stringify(texts);
    if (wanted.has(key)) found.push({ at: raw.slice(0, terms.length), key });
  }
  return found;
}
