import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import type { TablePlan } from "../model";

/** The quoted name of a table's rowid, to read it in pieces; undefined where it has none or its columns hide it. */
export function rowidOf(db: Database, table: TablePlan): string | undefined {
  if (table.rowid !== undefined) return quoteName(table.rowid);
  const found = db
    .prepare<[string], { type: string; wr: number }>(
      "SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ?",
    )
    .get(table.source);
  if (found?.type !== "table" || found.wr === 1) return undefined;
  const columns = db
    .prepare<[string], string>("SELECT lower(name) FROM pragma_table_xinfo(?)")
    .pluck()
    .all(table.source);
  return ["rowid", "_rowid_", "oid"].find((name) => !columns.includes(name));
}

/** The target's column that has the rowid's number, so that ranges of the one are ranges of the other. */
export function rangeColumn({ rowid, columns, targetKey }: TablePlan): string | undefined {
  const [only] = targetKey;
  if (rowid === undefined || only === undefined || targetKey.length > 1) return undefined;
  const column = columns.find(({ target }) => target === only);
  return column?.codec.kind === "integer" && column.select === `s.${quoteName(rowid)}` ? only : undefined;
}
