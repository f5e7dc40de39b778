import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { ExitCode, UserError } from "../../settings/errors";
import type { SourceFile } from "../model";

/** SQLite may not open the file, or what it needs beside it. */
export class CannotOpen extends UserError {
  constructor(path: string, code: string) {
    super(
      `${path} cannot be opened (${code}). Check that this user may read the file, and write in its folder: SQLite keeps its -wal and -shm files there.`,
      ExitCode.failed,
    );
  }
}

const failed = (message: string): UserError => new UserError(message, ExitCode.failed);

/** What is wrong with a file that SQLite refuses, in a sentence for the user. Anything else comes back as it is. */
export function explainSource(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code, message } = error;
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return new UserError(
      `${path} is locked by another program, and stayed so while ladder waited. End that program's transaction, then run this again.`,
      ExitCode.refused,
    );
  if (code === "SQLITE_NOTADB")
    return new UserError(`${path} is not a SQLite database, or it is encrypted. Name the database's file.`);
  if (code.startsWith("SQLITE_CORRUPT"))
    return failed(
      `${path} is damaged: ${message}. It was left as it is. Restore the last backup to a new file and promote that one.`,
    );
  if (code === "SQLITE_READONLY_ROLLBACK")
    return failed(
      `${path} has a journal of a transaction that was cut off, and only a program that may write can undo it. Start the application once, then run this again.`,
    );
  if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_PERM"))
    return new CannotOpen(path, code);
  if (code === "SQLITE_FULL")
    return failed(`The disk that holds ${path} is full. Free some space, then run this again.`);
  if (code.startsWith("SQLITE_IOERR"))
    return failed(`${path} could not be read or written: ${message}. Check the disk, then run this again.`);
  return error;
}

/** Refuses what is no file before SQLite makes one there, or says no more than "unable to open". */
export function checkFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new UserError(`There is no database at ${path}. Check the path of the database that is to be promoted.`);
  if (!stats.isFile())
    throw new UserError(
      `${path} is ${stats.isDirectory() ? "a folder" : "no regular file"}, not a database. Name the database's file.`,
    );
  if (stats.size === 0)
    throw new UserError(`${path} is empty: there is no database in it yet. Name the file that the application writes.`);
}

/** Opens a file as it is named, which may be a `file:` URI, and reads its first page. Errors tell of `path`. */
export function openAs(name: string, path: string, options: Database.Options): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(name, { ...options, fileMustExist: true });
    // Nothing of a promotion may fail, or cascade, for a foreign key of the application.
    db.pragma("foreign_keys = OFF");
    db.pragma("schema_version");
    return db;
  } catch (error) {
    db?.close();
    throw explainSource(path, error);
  }
}

/**
 * Opens the SQLite file that a promotion reads, with foreign keys off. Never makes a file.
 * Throws UserError for what is no database, is locked, damaged or may not be opened.
 */
export function openSource(source: SourceFile, options: { readonly readonly: boolean }): Database.Database {
  checkFile(source.path);
  return openAs(source.path, source.path, { readonly: options.readonly, timeout: source.busyTimeoutMs });
}
