import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";

/** A folder of its own for one test, with a blank in its name, removed when the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ladder backup "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a small database in WAL mode with `rows` ideas in it, and returns its path. */
export function makeDatabase(folder: string, rows = 200, name = "ai_company.db"): string {
  const file = join(folder, name);
  const db = new Database(file);
  db.pragma("journal_mode = wal");
  db.exec(`CREATE TABLE ideas(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, score REAL, data BLOB);
    CREATE TABLE holdings(owner TEXT, token TEXT, amount INTEGER, PRIMARY KEY (owner, token)) WITHOUT ROWID;
    CREATE TABLE ladder_migrations(id TEXT, checksum TEXT);
    INSERT INTO ladder_migrations VALUES ('001_start', 'abc'), ('002_more', 'def');
    PRAGMA user_version = 7`);
  const insert = db.prepare("INSERT INTO ideas(title, score, data) VALUES (?, ?, ?)");
  db.transaction(() => {
    for (let row = 0; row < rows; row += 1) insert.run(`idea ${row}`, row / 3, Buffer.alloc(row % 50, row));
    db.exec("INSERT INTO holdings VALUES ('a', 'X', 9007199254740993), ('b', 'X', NULL)");
  })();
  db.close();
  return file;
}
