import type { Database } from "better-sqlite3";

/** How to read one table completely and in a fixed order. Names in SQL form are already quoted. */
export interface TableShape {
  name: string;
  quoted: string;
  /** Columns that hold content; virtual generated ones are computed from them and left out. */
  columns: string[];
  /** The name of the integer row key, when rows may be read and joined in chunks along it. */
  rowid: string | undefined;
  /** Terms for ORDER BY. */
  order: string[];
}

interface ListedTable {
  name: string;
  type: "table" | "virtual" | "shadow" | "view";
  wr: number;
}

interface Column {
  name: string;
  hidden: number;
}

/** Quotes a name for SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const GENERATED_VIRTUAL = 2;
const HIDDEN = 1;

/** SQLite's own tables that hold no content of the application. */
const isStatistics = (name: string): boolean => /^sqlite_(stat\d|schema|temp_schema)$/.test(name);

const SCHEMA: TableShape = {
  name: "sqlite_schema",
  quoted: "sqlite_schema",
  columns: ["type", "name", "tbl_name", "sql"],
  rowid: undefined,
  order: ["type", "name", "tbl_name"],
};

/** The order of the primary key exactly as its index has it, so that SQLite need not sort. */
function keyOrder(db: Database, table: string): string[] {
  const key = db
    .prepare<[string], string>("SELECT name FROM pragma_index_list(?) WHERE origin = 'pk'")
    .pluck()
    .get(table);
  if (key === undefined) return [];
  return db
    .prepare<[string], { name: string; coll: string; desc: number }>(
      "SELECT name, coll, desc FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno",
    )
    .all(key)
    .map((part) => `${quoteName(part.name)} COLLATE ${quoteName(part.coll)}${part.desc ? " DESC" : ""}`);
}

function shapeOf(db: Database, table: ListedTable): TableShape {
  const all = db.prepare<[string], Column>("SELECT name, hidden FROM pragma_table_xinfo(?)").all(table.name);
  const columns = all
    .filter((column) => column.hidden !== GENERATED_VIRTUAL && column.hidden !== HIDDEN)
    .map((column) => quoteName(column.name));
  const taken = new Set(all.map((column) => column.name.toLowerCase()));
  const rowid = table.wr ? undefined : ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
  const key = table.wr ? keyOrder(db, table.name) : [];
  const chunked = table.type === "table" ? rowid : undefined;
  // A table with no key of any kind left to name is ordered by its whole row: equal rows may then swap unseen.
  const order = key.length > 0 ? key : rowid === undefined ? columns : [rowid];
  return { name: table.name, quoted: `main.${quoteName(table.name)}`, columns, rowid: chunked, order };
}

/**
 * Lists the tables of the main database that hold content, the schema first. Shadow tables (the inner storage of
 * full-text and other virtual tables) are listed as skipped: their content is read through the table they belong to.
 */
export function listContentTables(db: Database): { tables: TableShape[]; skipped: { name: string; reason: string }[] } {
  const listed = db
    .prepare<[], ListedTable>("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' ORDER BY name")
    .all();
  const skipped = listed
    .filter((table) => table.type === "shadow")
    .map((table) => ({ name: table.name, reason: "inner storage of a virtual table" }));
  const tables = [SCHEMA];
  for (const table of listed) {
    if (table.type === "shadow" || table.type === "view" || isStatistics(table.name)) continue;
    try {
      tables.push(shapeOf(db, table));
    } catch (error) {
      if (!(error instanceof Error) || !/^no such module/.test(error.message)) throw error;
      skipped.push({ name: table.name, reason: error.message });
    }
  }
  return { tables, skipped };
}
