import { createHash, type Hash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { listContentTables, type TableShape } from "./shape";

/** Row count and checksum of one table's content. */
export interface TableContent {
  name: string;
  rows: number;
  /** SHA-256 over the canonical rows, in key order. */
  sha256: string;
}

/** The content of a database, independent of page layout, free pages and indexes. */
export interface Contents {
  tables: TableContent[];
  /** Tables that were not read, each with the reason. */
  skipped: { name: string; reason: string }[];
}

/** Upper bound for one chunk of encoded rows when the largest row of a table is known. */
const CHUNK_BYTES = 64 * 1024 * 1024;
const CHUNK_ROWS = 1000;

/**
 * One column as typed bytes, prefix-free, so that no two different rows encode alike:
 * `n` NULL · `i<digits>;` integer · `r<16 hex digits>` real, big-endian IEEE 754 ·
 * `t<bytes>:<text>` · `b<bytes>:<blob>`. Text is taken as stored: invalid UTF-8 and NUL count.
 * In a UTF-16 database the bytes of texts and blobs are written in hex: joining them raw would change them.
 */
function encodeColumn(column: string, utf8: boolean): string {
  const bytes = utf8 ? column : `hex(CAST(${column} AS BLOB))`;
  return `CASE typeof(${column}) WHEN 'null' THEN 'n' WHEN 'integer' THEN 'i' || ${column} || ';'
    WHEN 'real' THEN 'r' || ladder_real_hex(${column}) WHEN 'text' THEN 't' || octet_length(${column}) || ':' || ${bytes}
    ELSE 'b' || octet_length(${column}) || ':' || ${bytes} END`;
}

/** Terms per bracket: SQLite limits the depth of an expression to 1,000, and a table may have 2,000 columns. */
const BRACKET = 100;

function joinTerms(terms: string[], operator: string): string {
  const brackets: string[] = [];
  for (let start = 0; start < terms.length; start += BRACKET) {
    brackets.push(`(${terms.slice(start, start + BRACKET).join(operator)})`);
  }
  return brackets.join(operator);
}

function encodeRow(db: Database, columns: string[]): string {
  const utf8 = db.pragma("encoding", { simple: true }) === "UTF-8";
  return joinTerms(
    columns.map((column) => encodeColumn(column, utf8)),
    " || ",
  );
}

const rowSize = (columns: string[]): string =>
  joinTerms(
    columns.map((column) => `ifnull(octet_length(${column}), 0)`),
    " + ",
  );

/** Makes the eight bytes of a REAL visible to SQL, which has no function of its own for them. */
function registerRealHex(db: Database): void {
  const bytes = Buffer.alloc(8);
  db.function("ladder_real_hex", { deterministic: true, directOnly: true }, (value: unknown) => {
    bytes.writeDoubleBE(Number(value));
    return bytes.toString("hex");
  });
}

type Chunk = [bytes: Buffer | null, rows: bigint, last: bigint | null];

/** Many rows per crossing into JavaScript: twice as fast as row by row. Needs a rowid to continue from. */
function hashByRowid(db: Database, table: TableShape, rowid: string, hash: Hash, progress: (rows: number) => void) {
  const largest = Number(
    db
      .prepare(`SELECT max(${rowSize(table.columns)}) FROM ${table.quoted}`)
      .pluck()
      .get() ?? 0,
  );
  const limit = Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_BYTES / (largest + 1))));
  const chunk = (where: string) =>
    db
      .prepare<unknown[], Chunk>(
        `SELECT CAST(group_concat(e, '') AS BLOB), count(*), max(k) FROM (SELECT ${rowid} AS k, ${encodeRow(db, table.columns)} AS e
         FROM ${table.quoted} ${where} ORDER BY ${rowid} LIMIT ${limit})`,
      )
      .raw()
      .safeIntegers();
  const next = chunk(`WHERE ${rowid} > ?`);
  let rows = 0;
  for (let found = chunk("").get(); found !== undefined; ) {
    const [bytes, count, last] = found;
    if (bytes !== null) hash.update(bytes);
    rows += Number(count);
    progress(Number(count));
    found = last === null || Number(count) < limit ? undefined : next.get(last);
  }
  return rows;
}

/** Tables without a rowid, and virtual ones: row by row in the order of their key. */
function hashByRow(db: Database, table: TableShape, hash: Hash, progress: (rows: number) => void): number {
  const rows = db
    .prepare<[], Buffer>(
      `SELECT CAST(${encodeRow(db, table.columns)} AS BLOB) FROM ${table.quoted} ORDER BY ${table.order.join(", ")}`,
    )
    .pluck();
  let count = 0;
  for (const row of rows.iterate()) {
    hash.update(row);
    count += 1;
    if (count % CHUNK_ROWS === 0) progress(CHUNK_ROWS);
  }
  progress(count % CHUNK_ROWS);
  return count;
}

/** A reason to leave a table out instead of failing: its code lives in an extension, or a row is beyond SQLite's own limit. */
function reasonToSkip(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code === "SQLITE_TOOBIG") return "a row is too large to be encoded (SQLite's limit of 1 GB)";
  return error.code === "SQLITE_ERROR" && /^no such (module|function|collation sequence)/.test(error.message)
    ? error.message
    : undefined;
}

/**
 * Counts the rows and computes a content checksum of every table, and of the schema under the name `sqlite_schema`.
 * Equal contents give equal checksums whatever the page layout; implicit rowids, indexes and statistics are no content.
 *
 * The caller holds a read transaction when other connections may write meanwhile. Reads only; registers one SQL
 * function on `db`. Text is hashed in the database's own encoding, so compare databases of equal encoding only.
 * Throws what SQLite throws, for example SQLITE_CORRUPT.
 */
export function contentChecksums(db: Database, onRows: (rows: number) => void = () => undefined): Contents {
  registerRealHex(db);
  const { tables, skipped } = listContentTables(db);
  const contents: Contents = { tables: [], skipped };
  for (const table of tables) {
    const hash = createHash("sha256");
    try {
      const rows =
        table.rowid === undefined
          ? hashByRow(db, table, hash, onRows)
          : hashByRowid(db, table, table.rowid, hash, onRows);
      contents.tables.push({ name: table.name, rows, sha256: hash.digest("hex") });
    } catch (error) {
      const reason = reasonToSkip(error);
      if (reason === undefined) throw error;
      contents.skipped.push({ name: table.name, reason });
    }
  }
  return contents;
}

/** Says in one line each where two contents differ; empty when they are equal. */
export function contentDifferences(expected: Contents, found: Contents): string[] {
  const differences: string[] = [];
  const byName = new Map(found.tables.map((table) => [table.name, table]));
  for (const table of expected.tables) {
    const other = byName.get(table.name);
    byName.delete(table.name);
    if (other === undefined) differences.push(`table ${table.name} is missing`);
    else if (other.rows !== table.rows)
      differences.push(`table ${table.name} has ${other.rows} rows instead of ${table.rows}`);
    else if (other.sha256 !== table.sha256)
      differences.push(`table ${table.name} has other content in its ${table.rows} rows`);
  }
  for (const name of byName.keys()) differences.push(`table ${name} was not in the source`);
  return differences;
}
