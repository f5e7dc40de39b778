import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../model";
import { openSource } from "../source/open";
import { dumpSql } from "./dump";
import { writeWhole } from "./file";
import { JSON_FILES, jsonRows, type Unheld } from "./json";

export interface Exported {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What the files of JSON could not hold as it is; the file of SQL holds all. */
  readonly unheld: readonly Unheld[];
}

export interface ExportOptions {
  readonly source: SourceFile;
  /** Made when it is not there. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes `migration.sql` with the whole database (S0-13), and the documented files of JSON of those tables that there are (S2-21, S2-22):
 * all of one moment, while the application may go on writing. Reads the source only.
 */
export async function exportSource({ source, folder, signal }: ExportOptions): Promise<Exported> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = openSource(source, { readonly: true });
  const files: string[] = [];
  const unheld: Unheld[] = [];
  const write = async (name: string, parts: Iterable<string>) => {
    const path = join(folder, name);
    await writeWhole(path, parts, signal);
    files.push(path);
  };
  try {
    db.exec("BEGIN");
    await write("migration.sql", dumpSql(db));
    const there = db.prepare<[string], number>("SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ?");
    for (const [file, table] of JSON_FILES)
      if (there.get(table) !== undefined) await write(file, jsonRows(db, table, unheld));
  } finally {
    db.close();
  }
  return { files: files.map((path) => ({ path, bytes: statSync(path).size })), unheld };
}
