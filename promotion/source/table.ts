import type { Database } from "better-sqlite3";
import type { SourceColumn, SourceForeignKey, SourceTable } from "../model";
import { affinityOf } from "./affinity";
import { folded, readCreateTable, type TableText } from "./createTable";
import { readIndexes } from "./indexes";

interface ColumnRow {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  pk: number;
  hidden: number;
}

const GENERATED_VIRTUAL = 2;
const GENERATED_STORED = 3;

const columnRows = (db: Database, table: string): ColumnRow[] =>
  db
    .prepare<[string], ColumnRow>(
      'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid',
    )
    .all(table);

const keyOf = (columns: readonly ColumnRow[]): string[] =>
  columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name);

function column(row: ColumnRow, text: TableText, strict: boolean): SourceColumn {
  const expression = text.generated.get(folded(row.name));
  return {
    name: row.name,
    declared: row.type,
    affinity: affinityOf(row.type, strict),
    notNull: row.notnull === 1,
    ...(row.dflt_value === null ? {} : { default: row.dflt_value }),
    collation: text.collations.get(folded(row.name)) ?? "BINARY",
    ...((row.hidden === GENERATED_VIRTUAL || row.hidden === GENERATED_STORED) && expression !== undefined
      ? { generated: { expression, stored: row.hidden === GENERATED_STORED } }
      : {}),
  };
}

interface ForeignKeyRow {
  id: number;
  table: string;
  from: string;
  to: string | null;
  on_update: string;
  on_delete: string;
}

/** In the order in which they are written; the pragma counts from the last. */
function foreignKeys(db: Database, table: string, text: TableText): SourceForeignKey[] {
  const rows = db
    .prepare<[string], ForeignKeyRow>(
      'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq',
    )
    .all(table);
  const ids = [...new Set(rows.map(({ id }) => id))];
  return ids.map((id, position) => {
    const parts = rows.filter((row) => row.id === id);
    const [first] = parts;
    return {
      columns: parts.map(({ from }) => from),
      table: nameOf(db, first?.table ?? ""),
      references: referenced(db, parts),
      onDelete: first?.on_delete ?? "NO ACTION",
      onUpdate: first?.on_update ?? "NO ACTION",
      deferred: text.deferred[position] ?? false,
    };
  });
}

/** The table's name as it was made, whatever the case in which it is referred to; as written when there is none. */
function nameOf(db: Database, table: string): string {
  const found = db
    .prepare<[string], string>("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE")
    .pluck()
    .get(table);
  return found ?? table;
}

function referenced(db: Database, parts: readonly ForeignKeyRow[]): string[] {
  const parent = columnRows(db, parts[0]?.table ?? "");
  const names = parts.every(({ to }) => to === null)
    ? keyOf(parent)
    : parts.map(({ to }) => parent.find(({ name }) => folded(name) === folded(to ?? ""))?.name);
  const known = names.filter((name) => name !== undefined);
  return known.length === parts.length ? known : [];
}

function sequenceOf(db: Database, table: string): bigint | undefined {
  if (db.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'").get() === undefined)
    return undefined;
  const value = db
    .prepare<[string], unknown>("SELECT max(CAST(seq AS INTEGER)) FROM main.sqlite_sequence WHERE name = ?")
    .pluck()
    .safeIntegers()
    .get(table);
  return typeof value === "bigint" ? value : undefined;
}

/** Reads one table: from the pragmas what they tell, the rest from its CREATE TABLE. */
export function readTable(
  db: Database,
  name: string,
  { withoutRowid, strict }: { withoutRowid: boolean; strict: boolean },
): SourceTable {
  const sql = String(
    db
      .prepare<[string], string>("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?")
      .pluck()
      .get(name),
  );
  const text = readCreateTable(sql);
  const rows = columnRows(db, name);
  const primaryKey = keyOf(rows);
  const indexes = readIndexes(db, name);
  // `INTEGER PRIMARY KEY DESC` is no alias of the rowid, and only an index on it tells so.
  const rowidAlias =
    primaryKey.length === 1 && !withoutRowid && !indexes.some(({ origin }) => origin === "pk")
      ? primaryKey[0]
      : undefined;
  const sequence = text.autoincrement ? sequenceOf(db, name) : undefined;
  return {
    name,
    columns: rows.map((row) => column(row, text, strict)),
    primaryKey,
    ...(rowidAlias === undefined ? {} : { rowidAlias }),
    withoutRowid,
    strict,
    autoincrement: text.autoincrement,
    ...(sequence === undefined ? {} : { sequence }),
    checks: text.checks,
    indexes,
    foreignKeys: foreignKeys(db, name, text),
    sql,
  };
}
