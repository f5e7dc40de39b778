import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import type { SqliteValue } from "../model";
import { readValue, valueColumns } from "../source/values";

/** A table as it is read for an export. */
export interface ExportedTable {
  readonly name: string;
  /** Columns that hold content, in their order; those that SQLite computes are left out. */
  readonly columns: readonly string[];
  /** A name of the row's number, where it is no column of the table and there is one. */
  readonly rowid: string | undefined;
}

const ORDINARY = 0;

export function exportedTable(db: Database, name: string): ExportedTable {
  const all = db
    .prepare<[string], { name: string; hidden: number; pk: number; type: string }>(
      "SELECT name, hidden, pk, type FROM pragma_table_xinfo(?)",
    )
    .all(name);
  const withoutRowid =
    db
      .prepare<[string], number>("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?")
      .pluck()
      .get(name) === 1;
  const taken = new Set(all.map((column) => column.name.toLowerCase()));
  const key = all.filter(({ pk }) => pk > 0);
  const isAlias = key.length === 1 && key[0]?.type.toUpperCase() === "INTEGER";
  const rowid = withoutRowid || isAlias ? undefined : ["rowid", "_rowid_", "oid"].find((one) => !taken.has(one));
  return { name, columns: all.filter(({ hidden }) => hidden === ORDINARY).map((column) => column.name), rowid };
}

/** Every row as SQLite has it, the row's number first where it is asked for; in the order of the rows' numbers where there are such. */
export function* exportedRows(db: Database, table: ExportedTable, withRowid: boolean): Generator<SqliteValue[]> {
  const terms = [...(withRowid && table.rowid !== undefined ? [table.rowid] : []), ...table.columns.map(quoteName)];
  const statement = db
    .prepare<[], unknown[]>(
      `SELECT ${terms.map((term) => valueColumns(term)).join(", ")} FROM ${quoteName(table.name)}`,
    )
    .raw()
    .safeIntegers();
  for (const row of statement.iterate()) yield terms.map((_, n) => readValue(row[2 * n], row[2 * n + 1]));
}
