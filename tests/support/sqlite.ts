import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { loadMigrations } from "../../catalogue/migrations";
import { provider, type SqliteFileInputs } from "../../local/sqlite/provider";
import type { SqliteCatalogueName } from "../../settings";

/** What a stack wants of a SQLite file in this folder. The wait for locks is short, so that a refusal is quick. */
export function sqliteInputs(folder: string, catalogue: SqliteCatalogueName = "ai_breeding"): SqliteFileInputs {
  return {
    path: join(folder, "app.db"),
    stack: "dev",
    catalogue,
    busyTimeoutMs: 200,
    migrations: loadMigrations(catalogue, "sqlite").map(({ version, name, checksum }) => ({ version, name, checksum })),
    backups: join(folder, "backups"),
  };
}

/** The reasons that `check` gives for not creating this file; empty when it would be created or adopted. */
export const reasonsOf = (inputs: SqliteFileInputs): string =>
  provider
    .check({}, inputs)
    .failures.map(({ reason }) => reason)
    .join("\n");

/** Opens a database, runs SQL or a function on it, and closes it again. */
export function onDatabase<T>(path: string, use: (database: Database.Database) => T): T {
  const database = new Database(path);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/** The content of a file, to show that nobody wrote to it. */
export const fingerprint = (path: string): string =>
  existsSync(path) && statSync(path).isFile()
    ? createHash("sha256").update(readFileSync(path)).digest("hex")
    : `not a file: ${existsSync(path)}`;

export const modeOf = (path: string): number => statSync(path).mode & 0o777;
