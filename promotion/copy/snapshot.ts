import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { ExitCode, UserError } from "../../settings/errors";
import type { SourceFile } from "../model";
import { openSource } from "../source/open";

const TRIES = 10;
const PAUSE_MS = 200;

/**
 * Runs `pin`, in which others open their read transactions, while nobody can write: all of them have the same snapshot. Writers wait for some
 * milliseconds; nothing is written.
 * @throws UserError when another program holds the file for too long, or it is not in WAL mode.
 */
export async function inOneSnapshot<T>(source: SourceFile, pin: () => Promise<T>): Promise<T> {
  const db = openSource(source, { readonly: false });
  try {
    refuseWithoutWal(db, source);
    await holdWriters(db, source);
    return await pin();
  } finally {
    if (db.inTransaction) db.exec("ROLLBACK");
    db.close();
  }
}

/** In any other mode, whoever reads keeps writers waiting until he has read all. */
function refuseWithoutWal(db: Database.Database, { path }: SourceFile): void {
  const mode = String(db.pragma("journal_mode", { simple: true }));
  if (mode === "wal") return;
  throw new UserError(
    `${path} is in journal mode ${mode}: while it is copied, the application could not write. Set it to WAL (sqlite3 <file> "PRAGMA journal_mode = WAL"), which stays with the file, and run again.`,
    ExitCode.refused,
  );
}

async function holdWriters(db: Database.Database, { path, busyTimeoutMs }: SourceFile): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      db.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || !error.code.startsWith("SQLITE_BUSY")) throw error;
      if (tried >= TRIES)
        throw new UserError(
          `${path} was locked by another program for ${TRIES} times ${busyTimeoutMs} ms, and a copy has to begin while nobody writes. End that program's transaction, and run again.`,
          ExitCode.failed,
        );
      await sleep(PAUSE_MS);
    }
  }
}
