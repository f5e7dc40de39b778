import Database from "better-sqlite3";
import type { Migration } from "../../catalogue/migrations";
import { DatabaseRefused } from "./open";

/** What a database records of each migration that it got. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

interface Recorded extends AppliedMigration {
  readonly catalogue: string;
}

const HISTORY = `CREATE TABLE IF NOT EXISTS ladder_migrations (
  version INTEGER PRIMARY KEY,
  catalogue TEXT NOT NULL,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT`;

/** The recorded history, oldest first; empty when the database never got a migration. */
export function history(database: Database.Database): Recorded[] {
  const known = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'ladder_migrations'")
    .get();
  if (known === undefined) return [];
  return database
    .prepare<[], Recorded>("SELECT version, catalogue, name, checksum FROM ladder_migrations ORDER BY version")
    .all();
}

/** Refuses a database whose history is not a beginning of ours: another catalogue, a newer schema, an altered file. */
export function refuseForeignHistory(
  path: string,
  database: Database.Database,
  catalogue: string,
  ours: readonly AppliedMigration[],
): void {
  const recorded = history(database);
  for (const [index, row] of recorded.entries()) {
    if (row.catalogue !== catalogue) {
      throw new DatabaseRefused(
        `${path} holds the logical database ${row.catalogue}, not ${catalogue}; it was left as it is. Set scaling-ladder:database.name to ${row.catalogue}, or choose another scaling-ladder:database.path.`,
      );
    }
    const migration = ours[index];
    if (migration === undefined) {
      throw new DatabaseRefused(
        `${path} has schema version ${recorded.length}, newer than the ${ours.length} this release knows; it was left as it is. Update scaling-ladder to the release that wrote it.`,
      );
    }
    if (row.version !== migration.version) {
      throw new DatabaseRefused(
        `${path} lacks migration ${migration.version} (${migration.name}) in its history; it was left as it is. Restore a backup, or mend the table ladder_migrations.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new DatabaseRefused(
        `Migration ${row.version} (${row.name}) of ${catalogue} was altered after ${path} got it: recorded ${row.checksum.slice(0, 12)}, now ${migration.checksum.slice(0, 12)}. Put the file back as it was and write a new migration instead.`,
      );
    }
  }
}

/**
 * Refuses an existing database whose tables lack columns that the migrations would have made: `IF NOT EXISTS` would
 * pass over them, and the application would fail later.
 */
export function refuseDifferentTables(
  path: string,
  database: Database.Database,
  migrations: readonly Migration[],
): void {
  const recorded = history(database).length;
  const model = new Database(":memory:");
  try {
    for (const migration of migrations.slice(0, Math.max(recorded, 1))) model.exec(migration.sql);
    const tables = model
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck();
    for (const table of tables.all()) {
      const there = columnsOf(database, table);
      // SQLite does not tell upper and lower case apart in names.
      const names = new Set(there.map((column) => column.toLowerCase()));
      const missing = columnsOf(model, table).filter((column) => !names.has(column.toLowerCase()));
      if (there.length > 0 && missing.length > 0) {
        throw new DatabaseRefused(
          `${path} has a table ${table} without the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}; it was left as it is. Add what is missing, or choose another scaling-ladder:database.name or .path.`,
        );
      }
    }
  } finally {
    model.close();
  }
}

function columnsOf(database: Database.Database, table: string): string[] {
  return database.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
}

/** Applies what is missing, each migration in a transaction of its own, so that a killed run leaves whole versions only. */
export function applyMigrations(
  database: Database.Database,
  catalogue: string,
  migrations: readonly Migration[],
): AppliedMigration[] {
  database.exec(HISTORY);
  const apply = database.transaction((migration: Migration) => {
    // Read again under the write lock: another run may have been here first.
    if (history(database).some((row) => row.version === migration.version)) return;
    database.exec(migration.sql);
    database
      .prepare("INSERT INTO ladder_migrations (version, catalogue, name, checksum) VALUES (?, ?, ?, ?)")
      .run(migration.version, catalogue, migration.name, migration.checksum);
  });
  for (const migration of migrations) apply.immediate(migration);
  return history(database).map(({ version, name, checksum }) => ({ version, name, checksum }));
}
