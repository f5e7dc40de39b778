import type { Database } from "better-sqlite3";
import type { SourceSchema } from "../model";
import { readTable } from "./table";
import { readVirtualTables } from "./virtualTables";

/** Tables of SQLite itself, of Litestream and of ladder: no content of the application. */
const NOT_THE_APPLICATIONS = /^(sqlite_|_ladder_|_litestream_)|^ladder_migrations$/i;

export const isApplications = (name: string): boolean => !NOT_THE_APPLICATIONS.test(name);

type Encoding = SourceSchema["encoding"];

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "UTF-8": "UTF-8",
  "UTF-16le": "UTF-16le",
  "UTF-16be": "UTF-16be",
};

/** Reads what a database is made of, in one read transaction of its own unless the caller holds one. Tables come in the order of their names. */
export function readSchema(db: Database): SourceSchema {
  return db.inTransaction ? read(db) : db.transaction(() => read(db))();
}

function read(db: Database): SourceSchema {
  const named = (type: string) =>
    db
      .prepare<[string], { name: string; tbl_name: string; sql: string }>(
        "SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY name",
      )
      .all(type)
      .filter(({ name }) => isApplications(name));
  const tables = db
    .prepare<[], { name: string; wr: number; strict: number }>(
      "SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name",
    )
    .all()
    .filter(({ name }) => isApplications(name));
  return {
    encoding: ENCODINGS[String(db.pragma("encoding", { simple: true }))] ?? "UTF-8",
    schemaVersion: Number(db.pragma("schema_version", { simple: true })),
    tables: tables.map(({ name, wr, strict }) => readTable(db, name, { withoutRowid: wr === 1, strict: strict === 1 })),
    views: named("view").map(({ name, sql }) => ({ name, sql })),
    triggers: named("trigger").map(({ name, tbl_name, sql }) => ({ name, table: tbl_name, sql })),
    virtualTables: readVirtualTables(db).filter(({ name }) => isApplications(name)),
  };
}
