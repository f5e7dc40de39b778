import type { Database } from "better-sqlite3";
import { type Contents, contentChecksums } from "../sqlite/checksum";
import type { Manifest } from "./manifest";

/** Work that runs in a thread of its own, because SQLite's calls are synchronous. */
export type Job =
  | { task: "snapshot"; database: string; copy: string }
  | { task: "contents"; database: string }
  | { task: "integrity"; database: string };

/** What a thread reports while it works, and at its end `done` or `failed`. */
export type Report =
  | { type: "pages"; done: number; total: number }
  | { type: "copied"; copied: Copied }
  | { type: "rows"; rows: number }
  | { type: "done"; contents?: Contents; seconds: number; integrity?: Integrity }
  | { type: "failed"; message: string; code: string | undefined };

/** What is known once the copy is complete. */
export interface Copied {
  sqliteVersion: string;
  journalMode: string;
  schemaVersion: Manifest["schemaVersion"];
  /** Size of the database in the snapshot. */
  bytes: number;
  seconds: number;
}

/** What SQLite's own checks say of a file. */
export interface Integrity {
  /** Lines of `PRAGMA integrity_check`; empty when it says ok. */
  problems: string[];
  /** Rows of `PRAGMA foreign_key_check`: rows whose parent is missing. */
  orphans: number;
}

const STEP_BYTES = 8 * 1024 * 1024;
const MIGRATIONS = "ladder_migrations";

const seconds = (since: number): number => (performance.now() - since) / 1000;

function schemaVersion(db: Database): Manifest["schemaVersion"] {
  const userVersion = Number(db.pragma("user_version", { simple: true }));
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(MIGRATIONS) === undefined)
    return { userVersion, migrations: null };
  const applied = Number(db.prepare(`SELECT count(*) FROM ${MIGRATIONS}`).pluck().get());
  const newest = db
    .prepare<[], Record<string, unknown>>(`SELECT * FROM ${MIGRATIONS} ORDER BY rowid DESC LIMIT 1`)
    .get();
  const plain = Object.entries(newest ?? {}).map(([key, value]) => [
    key,
    typeof value === "number" || value === null ? value : String(value),
  ]);
  return { userVersion, migrations: { applied, newest: newest === undefined ? null : Object.fromEntries(plain) } };
}

async function snapshot(db: Database, copy: string, report: (report: Report) => void): Promise<void> {
  // An open read transaction pins one snapshot: without it a write by another program restarts the copy from page one.
  db.exec("BEGIN");
  const version = schemaVersion(db);
  const pageSize = Number(db.pragma("page_size", { simple: true }));
  const pagesPerStep = Math.max(100, Math.floor(STEP_BYTES / pageSize));
  const start = performance.now();
  const { totalPages } = await db.backup(copy, {
    progress: (state) => {
      report({ type: "pages", done: state.totalPages - state.remainingPages, total: state.totalPages });
      return pagesPerStep;
    },
  });
  report({ type: "pages", done: totalPages, total: totalPages });
  report({
    type: "copied",
    copied: {
      sqliteVersion: String(db.prepare("SELECT sqlite_version()").pluck().get()),
      journalMode: String(db.pragma("journal_mode", { simple: true })),
      schemaVersion: version,
      bytes: pageSize * totalPages,
      seconds: seconds(start),
    },
  });
}

function contents(db: Database, report: (report: Report) => void): Contents {
  let rows = 0;
  let reported = 0;
  return contentChecksums(db, (more) => {
    rows += more;
    if (rows - reported < 50_000) return;
    reported = rows;
    report({ type: "rows", rows });
  });
}

function integrity(db: Database): Integrity {
  const lines = db.prepare<[], string>("PRAGMA integrity_check").pluck().all();
  return {
    problems: lines.length === 1 && lines[0] === "ok" ? [] : lines,
    orphans: orphans(db),
  };
}

/** Rows whose parent is missing. SQLite refuses to check a table with a foreign key to what is no key: none are counted there. */
function orphans(db: Database): number {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const count = db.prepare<[string], number>("SELECT count(*) FROM pragma_foreign_key_check(?)").pluck();
  return tables.reduce((sum, table) => {
    try {
      return sum + (count.get(table) ?? 0);
    } catch (error) {
      if (error instanceof Error && error.message.includes("foreign key mismatch")) return sum;
      throw error;
    }
  }, 0);
}

/** Does one job on an open, read-only connection; reports as it goes and `done` at the end. */
export async function runJob(db: Database, job: Job, report: (report: Report) => void): Promise<void> {
  if (job.task === "snapshot") await snapshot(db, job.copy, report);
  const start = performance.now();
  if (job.task === "integrity") report({ type: "done", integrity: integrity(db), seconds: seconds(start) });
  else report({ type: "done", contents: contents(db, report), seconds: seconds(start) });
}
