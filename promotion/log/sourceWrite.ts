import BetterSqlite, { type Database } from "better-sqlite3";
import { ExitCode, UserError } from "../../settings/errors";

/**
 * Does something in one transaction on the live source: the caller's, or one of its own that takes the write lock at once.
 * @throws UserError when the application held the lock for longer than the connection waits.
 */
export function atomically(db: Database, work: () => void): void {
  if (db.inTransaction) {
    work();
    return;
  }
  try {
    db.transaction(work).immediate();
  } catch (error) {
    if (!(error instanceof BetterSqlite.SqliteError) || !error.code.startsWith("SQLITE_BUSY")) throw error;
    throw new UserError(
      `${db.name} was locked by another program for longer than ladder waits; nothing was changed. End its long transaction, or raise scaling-ladder:database.busyTimeoutMs; then run again.`,
      ExitCode.failed,
    );
  }
}
