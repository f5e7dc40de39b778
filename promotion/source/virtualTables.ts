import type { Database } from "better-sqlite3";
import type { SourceSchema } from "../model";
import { folded } from "./createTable";
import { isWord, tokens } from "./tokens";

type VirtualTable = SourceSchema["virtualTables"][number];

/** `CREATE VIRTUAL TABLE [IF NOT EXISTS] name USING module(…)`. */
function moduleOf(sql: string): string {
  const all = tokens(sql);
  return all[all.findIndex((token) => isWord(token, "USING")) + 1]?.value ?? "";
}

/** Empty for a table whose module this program does not have: SQLite itself cannot say then. */
function columnsOf(db: Database, table: string): string[] {
  try {
    return db.prepare<[string], string>("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0").pluck().all(table);
  } catch (error) {
    if (error instanceof Error && /^(no such module|vtable constructor failed)/.test(error.message)) return [];
    throw error;
  }
}

/** Virtual tables with their shadows. A shadow belongs to the longest name that begins it. */
export function readVirtualTables(db: Database): VirtualTable[] {
  const shadows = db
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow' ORDER BY name")
    .pluck()
    .all();
  const virtual = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND rootpage = 0 ORDER BY name",
    )
    .all();
  const ownerOf = (shadow: string): string | undefined =>
    virtual
      .map(({ name }) => name)
      .filter((name) => folded(shadow).startsWith(`${folded(name)}_`))
      .sort((a, b) => b.length - a.length)[0];
  return virtual.map(({ name, sql }) => ({
    name,
    module: moduleOf(sql),
    sql,
    columns: columnsOf(db, name),
    shadows: shadows.filter((shadow) => ownerOf(shadow) === name),
  }));
}
