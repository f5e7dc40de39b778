import Database from "better-sqlite3";

const PAUSE_MS = 10;

/**
 * Sets the journal mode to the write-ahead log and returns the mode that the database then has. SQLite's busy timeout
 * does not cover this one statement: it fails at once while another process holds a lock, so the wait is ours.
 */
export function setWriteAheadLog(database: Database.Database, busyTimeoutMs: number): string {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      return String(database.pragma("journal_mode = WAL", { simple: true }));
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!busy || Date.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
