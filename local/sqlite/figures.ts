import { existsSync, statSync } from "node:fs";
import { history } from "./migrate";
import { databaseExists, withDatabase } from "./open";

/** What can be told of a SQLite file without changing it. */
export interface DatabaseFigures {
  readonly sizeBytes: number;
  /** Size of the write-ahead log; it is written back to the database at checkpoints. */
  readonly walBytes: number;
  readonly schemaVersion: number;
  /** Name of the logical database whose migrations it got; undefined before the first. */
  readonly catalogue: string | undefined;
  readonly journalMode: string;
}

/** The figures of a database, or undefined when there is none. Refuses what is not a database. */
export function databaseFigures(path: string, busyTimeoutMs: number): DatabaseFigures | undefined {
  if (!databaseExists(path)) return undefined;
  const sizeOf = (file: string) => (existsSync(file) ? statSync(file).size : 0);
  return withDatabase(path, { busyTimeoutMs, readonly: true }, (database) => {
    const applied = history(database);
    return {
      sizeBytes: sizeOf(path),
      walBytes: sizeOf(`${path}-wal`),
      schemaVersion: applied.length,
      catalogue: applied.at(-1)?.catalogue,
      journalMode: String(database.pragma("journal_mode", { simple: true })),
    };
  });
}
