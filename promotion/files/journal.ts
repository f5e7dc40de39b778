import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { ExitCode, UserError } from "../../settings";
import { stampOf } from "./folder/read";
import type { FoundFile } from "./folder/walk";
import type { Listed } from "./store/object";

/** A file that is in the store, as far as is known. */
export interface Noted {
  readonly path: string;
  /** Of the file when it was read; see `stampOf`. */
  readonly stamp: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the object that was read back. */
  readonly etag: string;
  /** False: the file is read again before it is believed to be the same. */
  readonly settled: boolean;
}

/** What a move has done, in a SQLite file of its own: it survives a kill, and needs no memory for its million files. */
export interface Journal {
  /** Of the move: objects carry it, so that a killed run's are known again. */
  readonly id: string;
  /** Begins a walk of the folder. */
  beginPass(): void;
  /** Notes that files are there in this pass. @returns those that are not known to be in the store as they are. */
  notKnown(files: readonly FoundFile[]): FoundFile[];
  find(path: string): Noted | undefined;
  note(file: Noted): void;
  forget(path: string): void;
  /** Notes contents that an object has, or is about to get, by this move, in case nobody lives to note that they arrived. */
  intend(path: string, sha256: string): void;
  isIntended(path: string, sha256: string): boolean;
  /** Files that are in the store and were not seen in this pass. */
  gone(): Generator<Noted>;
  /** Files that are in the store, and their bytes. */
  total(): { readonly files: number; readonly bytes: number };
  /** All of them, in the order of their paths. */
  all(): Generator<Noted>;
  /** Notes which objects are not of this move. Called with pages of a whole listing before any file is moved. */
  noteOthers(page: readonly Listed[]): void;
  /** Such a listing was taken wholly. */
  othersAreKnown(): void;
  knowsOthers(): boolean;
  /** Whether an object was in the bucket, and the same, before any file was moved. */
  isOther(object: Listed): boolean;
  /** Begins a listing of the bucket. */
  beginListing(): void;
  listed(page: readonly Listed[]): void;
  /** Files that are noted to be in the store, and were in no page of the listing. */
  unlisted(): Generator<Noted>;
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS about(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS files(path TEXT PRIMARY KEY, stamp TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
    etag TEXT NOT NULL, settled INTEGER NOT NULL, pass INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sending(path TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY(path, sha256)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS others(key TEXT PRIMARY KEY, etag TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TEMPORARY TABLE listing(key TEXT PRIMARY KEY) WITHOUT ROWID;
`;
const PAGE = 500;

type Row = Omit<Noted, "settled"> & { readonly settled: number };
const notedOf = (row: Row): Noted => ({ ...row, settled: row.settled === 1 });

/**
 * Opens or makes the journal of a move from a folder to a store.
 * @param place of the store, as `placeOf` names it.
 * @throws UserError when another process has it open, or when it is of another move.
 */
export function openJournal(file: string, folder: string, place: string): Journal {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = openAlone(file);
  const id = identify(db, file, { folder, place });
  let pass = Number(db.prepare("SELECT max(pass) FROM files").pluck().get() ?? 0);
  const columns = "path, stamp, bytes, sha256, etag, settled";
  const find = db.prepare<[string], Row>(`SELECT ${columns} FROM files WHERE path = ?`);
  const seen = db.prepare("UPDATE files SET pass = ? WHERE path = ?");
  const insert = db.prepare(`INSERT OR REPLACE INTO files(${columns}, pass) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const remove = db.prepare("DELETE FROM files WHERE path = ?");
  const intend = db.prepare("INSERT OR IGNORE INTO sending(path, sha256) VALUES (?, ?)");
  const intended = db.prepare("SELECT 1 FROM sending WHERE path = ? AND sha256 = ?");
  const after = (condition: string) =>
    db.prepare<[string], Row>(
      `SELECT ${columns} FROM files WHERE path > ? AND ${condition} ORDER BY path LIMIT ${PAGE}`,
    );
  const listed = db.prepare("INSERT OR IGNORE INTO listing(key) VALUES (?)");
  const other = db.prepare("INSERT OR REPLACE INTO others(key, etag) VALUES (?, ?)");
  const otherEtag = db.prepare<[string], string>("SELECT etag FROM others WHERE key = ?").pluck();
  function* where(condition: string): Generator<Noted> {
    const statement = after(condition);
    let path = "";
    for (;;) {
      const rows = statement.all(path);
      for (const row of rows) yield notedOf(row);
      if (rows.length < PAGE) return;
      path = rows.at(-1)?.path ?? "";
    }
  }
  return {
    id,
    beginPass: () => {
      pass += 1;
    },
    notKnown: db.transaction((files: readonly FoundFile[]) =>
      files.filter(({ path, stats }) => {
        const known = find.get(path);
        if (known !== undefined) seen.run(pass, path);
        return known === undefined || known.settled === 0 || known.stamp !== stampOf(stats);
      }),
    ),
    find: (path) => {
      const row = find.get(path);
      return row === undefined ? undefined : notedOf(row);
    },
    note: ({ path, stamp, bytes, sha256, etag, settled }) =>
      void insert.run(path, stamp, bytes, sha256, etag, settled ? 1 : 0, pass),
    forget: (path) => void remove.run(path),
    intend: (path, sha256) => void intend.run(path, sha256),
    isIntended: (path, sha256) => intended.get(path, sha256) !== undefined,
    gone: () => where(`pass <> ${pass}`),
    total: () =>
      db
        .prepare<[], { files: number; bytes: number }>("SELECT count(*) files, total(bytes) bytes FROM files")
        .get() ?? {
        files: 0,
        bytes: 0,
      },
    all: () => where("true"),
    noteOthers: db.transaction((page: readonly Listed[]) => {
      for (const { key, etag } of page) if (find.get(key)?.etag !== etag) other.run(key, etag);
    }),
    othersAreKnown: () => void db.exec("INSERT OR IGNORE INTO about(name, value) VALUES ('others', 'known')"),
    knowsOthers: () => db.prepare("SELECT 1 FROM about WHERE name = 'others'").get() !== undefined,
    isOther: ({ key, etag }) => otherEtag.get(key) === etag,
    beginListing: () => void db.exec("DELETE FROM listing"),
    listed: db.transaction((page: readonly Listed[]) => {
      for (const { key } of page) listed.run(key);
    }),
    unlisted: () => where("path NOT IN (SELECT key FROM listing)"),
    close: () => void db.close(),
  };
}

/** The lock of SQLite itself keeps a second process out, and goes with this one however that ends. */
function openAlone(file: string): Database.Database {
  const db = new Database(file, { timeout: 1000 });
  try {
    db.pragma("locking_mode = exclusive");
    db.pragma("journal_mode = wal");
    db.pragma("synchronous = normal");
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      throw new UserError(
        `The files are being moved by another process already, which has the journal ${file} open. Wait for it, or stop it: what it has done stays.`,
        ExitCode.refused,
      );
    if (error instanceof Database.SqliteError)
      throw new UserError(
        `The journal ${file} cannot be used: ${error.message} (${error.code}). Move it away to begin anew: files that are in the store already are compared, not copied.`,
        ExitCode.failed,
      );
    throw error;
  }
}

/** The journal's id, made with it. */
function identify(db: Database.Database, file: string, about: Readonly<Record<"folder" | "place", string>>): string {
  // One that only a comparison has made is bound to nothing.
  if (db.prepare("SELECT 1 FROM files UNION ALL SELECT 1 FROM about WHERE name = 'others'").get() === undefined)
    db.exec("DELETE FROM about WHERE name IN ('folder', 'place')");
  const add = db.prepare("INSERT OR IGNORE INTO about(name, value) VALUES (?, ?)");
  for (const [name, value] of Object.entries({ ...about, id: randomUUID() })) add.run(name, value);
  const value = db.prepare<[string], string>("SELECT value FROM about WHERE name = ?").pluck();
  for (const [name, wanted] of Object.entries(about)) {
    const found = value.get(name);
    if (found === wanted) continue;
    db.close();
    throw new UserError(
      `The journal ${file} is of a move with the ${name === "folder" ? "folder" : "store"} ${found}, not ${wanted}. Go on with that one, or move the journal away to begin anew: files that are in the store already are compared, not copied.`,
      ExitCode.refused,
    );
  }
  return value.get("id") ?? "";
}
