import Sqlite, { type Database } from "better-sqlite3";
import { ExitCode, UserError } from "../../settings/errors";

/**
 * Begins a transaction that holds every other writer of the SQLite file, as soon as the one at work is done; they wait on their busy timeout.
 * @throws UserError when a writer does not let go within the connection's own timeout, or another file has taken the place of this one.
 */
export function holdWriters(db: Database): void {
  try {
    db.exec("BEGIN IMMEDIATE");
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY"))) throw error;
    throw new UserError(
      `The application holds a write transaction in ${db.name} and did not end it in time. Nothing was changed. Run again; when it happens each time, end what holds it or raise scaling-ladder:database.busyTimeoutMs.`,
      ExitCode.failed,
    );
  }
  if (holdsAtItsPlace(db)) return;
  letGo(db);
  throw new UserError(
    `Another file was put in the place of ${db.name} while the promotion was at work. Nothing was changed in it. Put back the one that was promoted, or go back with --rollback and begin again.`,
    ExitCode.refused,
  );
}

/** Whoever opens the file by its name now must be held, too: an open connection stays with a file that was moved away. */
function holdsAtItsPlace(db: Database): boolean {
  let other: Database | undefined;
  try {
    other = new Sqlite(db.name, { timeout: 0, fileMustExist: true });
    other.exec("BEGIN IMMEDIATE");
    return false;
  } catch (error) {
    return error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY");
  } finally {
    other?.close();
  }
}

/** Lets the writers go on, with nothing changed. */
export function letGo(db: Database): void {
  if (db.inTransaction) db.exec("ROLLBACK");
}
