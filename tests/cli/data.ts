import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { createBackup } from "../../local/backup/create";
import { provider } from "../../local/sqlite/provider";
import type { Project } from "../support/project";
import { sqliteInputs } from "../support/sqlite";

/** Where the default stack keeps its database, from the project folder. */
export const DATABASE = "database/ai_company.db";

/** Makes the database that `up` would make, with enough rows for many pages, without the engine. */
export function makeDatabase(project: Project, rows = 2_000): string {
  const path = project.at(DATABASE);
  mkdirSync(dirname(path), { recursive: true });
  provider.create({ ...sqliteInputs(project.root, "ai_company"), path });
  const database = new Database(path);
  const insert = database.prepare("INSERT INTO ai_ideas (title) VALUES (?)");
  database.transaction(() => {
    for (let row = 0; row < rows; row += 1) insert.run(`idea ${row} ${"x".repeat(100)}`);
  })();
  // As an application that has ended leaves it: everything in the one file.
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  return path;
}

/** Makes a database and a good backup of it; returns the backup's data file. */
export async function makeBackup(project: Project): Promise<string> {
  const { file } = await createBackup({ database: makeDatabase(project, 200), folder: project.at("backups") });
  return file;
}
