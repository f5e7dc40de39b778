import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import Database from "better-sqlite3";
import { ExitCode, UserError } from "../../settings";

/** A database that may not be used as it is. The message says why and what to do; the file was not touched. */
export class DatabaseRefused extends UserError {
  constructor(message: string) {
    super(message, ExitCode.refused);
    this.name = "DatabaseRefused";
  }
}

const HEADER = "SQLite format 3\0";

/** True when there is a database file at the path, false when nothing is there. Refuses anything else that stands there. */
export function databaseExists(path: string): boolean {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return false;
    if (code === "ENOTDIR") {
      throw new DatabaseRefused(
        `${path} cannot be made: a part of its folder is a file. Choose another scaling-ladder:database.path, or move that file away.`,
      );
    }
    throw new DatabaseRefused(`${path} cannot be looked at (${String(error)}). Check the folder's permissions.`);
  }
  if (stats.isDirectory()) {
    throw new DatabaseRefused(
      `${path} is a folder, and a database file is to stand there. Choose another scaling-ladder:database.path, or move the folder away.`,
    );
  }
  if (!stats.isFile())
    throw new DatabaseRefused(`${path} is not a regular file. Choose another scaling-ladder:database.path.`);
  refuseForeignFile(path, stats.size);
  return true;
}

/** SQLite takes an empty file for a new database; anything else must begin with its header. */
function refuseForeignFile(path: string, size: number): void {
  if (size === 0) return;
  if (firstBytes(path, HEADER.length) !== HEADER) {
    throw new DatabaseRefused(
      `${path} is not a SQLite database, or its first page is damaged; it was left as it is. Restore a backup beside it (npx ladder restore), or choose another scaling-ladder:database.path.`,
    );
  }
}

function firstBytes(path: string, count: number): string {
  const head = Buffer.alloc(count);
  try {
    const file = openSync(path, "r");
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new DatabaseRefused(
      `${path} cannot be read (${String(code)}). Check that you own the file and its folder, or choose another scaling-ladder:database.path.`,
    );
  }
  return head.toString("latin1");
}

export interface OpenOptions {
  readonly busyTimeoutMs: number;
  readonly readonly?: boolean;
}

/** Opens a database, runs `use` and closes it again. SQLite's own errors come back as one sentence that says what to do. */
export function withDatabase<T>(path: string, options: OpenOptions, use: (database: Database.Database) => T): T {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: options.readonly ?? false, timeout: options.busyTimeoutMs });
    database.pragma("foreign_keys = ON");
    return use(database);
  } catch (error) {
    throw explain(path, error);
  } finally {
    database?.close();
  }
}

function explain(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const untouched = "it was left as it is";
  if (error.code.startsWith("SQLITE_BUSY") || error.code.startsWith("SQLITE_LOCKED")) {
    return new DatabaseRefused(
      `${path} is locked by another process; ${untouched}. Close the program that holds it, or raise scaling-ladder:database.busyTimeoutMs.`,
    );
  }
  if (error.code === "SQLITE_CORRUPT" || error.code === "SQLITE_NOTADB") {
    return new DatabaseRefused(
      `${path} is damaged (${error.message}); ${untouched}. Restore the last backup to a new file: npx ladder restore <stack> --to <new file>.`,
    );
  }
  if (error.code === "SQLITE_FULL")
    return new DatabaseRefused(
      `The disk is full: ${path} could not be written; the last transaction was undone. Free some space and run again.`,
    );
  if (
    error.code.startsWith("SQLITE_READONLY") ||
    error.code.startsWith("SQLITE_CANTOPEN") ||
    error.code.startsWith("SQLITE_PERM")
  ) {
    return new DatabaseRefused(
      `${path} cannot be opened or written (${error.code}). Check that you own the file and its folder.`,
    );
  }
  return new DatabaseRefused(
    `${path} cannot be used: ${error.message} (${error.code}); ${untouched}. Mend it, or choose another scaling-ladder:database.path.`,
  );
}

/** The whole check that SQLite has. Slow on large files, so it is done when a file is adopted and when a backup is proven. */
export function refuseDamaged(path: string, database: Database.Database): void {
  const rows = database.pragma("integrity_check(5)") as { integrity_check: string }[];
  // A fault may have many lines, the first of which only says which database it is in.
  const lines = rows.flatMap((row) => row.integrity_check.split("\n"));
  const fault = lines.find((line) => line !== "ok" && !line.startsWith("***"));
  if (fault !== undefined) {
    throw new DatabaseRefused(
      `${path} is damaged (SQLite's integrity check: ${fault}); it was left as it is. Restore the last backup to a new file: npx ladder restore <stack> --to <new file>.`,
    );
  }
}
