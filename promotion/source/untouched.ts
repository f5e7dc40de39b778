import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { ExitCode, UserError } from "../../settings/errors";
import type { SourceFile } from "../model";
import { CannotOpen, checkFile, openAs, openSource } from "./open";

export interface Untouched {
  readonly db: Database;
  /** Closes the database and leaves nothing behind. */
  close(): void;
}

/** Byte 18 of a database file: 2 where it is written by way of a write-ahead log. */
const WRITE_VERSION = 18;

function usesLog(path: string): boolean {
  const byte = Buffer.alloc(1);
  const file = openSync(path, "r");
  try {
    readSync(file, byte, 0, 1, WRITE_VERSION);
  } finally {
    closeSync(file);
  }
  return byte[0] === 2;
}

/** What tells that a file was written meanwhile. */
const stateOf = (path: string): string =>
  [path, `${path}-wal`]
    .map((file) => statSync(file, { throwIfNoEntry: false, bigint: true }))
    .map((stats) => (stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeNs}`))
    .join("|");

/** SQLite cannot read a write-ahead log's database where it may not make files beside it: a copy is read instead. */
function openCopy(source: SourceFile): Untouched {
  const folder = mkdtempSync(join(tmpdir(), "ladder-assess-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const before = stateOf(source.path);
    const path = join(folder, "copy.sqlite");
    copyFileSync(source.path, path);
    if (existsSync(`${source.path}-wal`)) copyFileSync(`${source.path}-wal`, `${path}-wal`);
    if (stateOf(source.path) !== before)
      throw new UserError(
        `${source.path} is being written, and this user may not write in its folder, which SQLite needs for reading beside a writer. Run this as the user that the application runs as.`,
        ExitCode.failed,
      );
    const db = openAs(path, source.path, { timeout: source.busyTimeoutMs });
    db.pragma("query_only = ON");
    return {
      db,
      close: () => {
        db.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Opens a database so that reading it leaves its folder as it was. A connection for reading only would make a -wal and a -shm file where
 * the application is not running, and leave them there, perhaps with an owner that keeps the application out; one that may write removes
 * them when it closes, and is kept from writing by `query_only`.
 */
export function openUntouched(source: SourceFile): Untouched {
  checkFile(source.path);
  const alone = readable(source.path, () => usesLog(source.path)) && !existsSync(`${source.path}-wal`);
  try {
    const db = openSource(source, { readonly: !alone });
    db.pragma("query_only = ON");
    return { db, close: () => db.close() };
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    return readable(source.path, () => openCopy(source));
  }
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error && "code" in error) || error.code !== "EACCES") throw error;
    throw new UserError(
      `${path} may not be read by this user. Run this as the user that the application runs as, or give read access.`,
      ExitCode.failed,
    );
  }
}
