import { isUtf8 } from "node:buffer";
import type { Database } from "better-sqlite3";
import { sourceTable } from "../copy/row";
import type { TablePlan } from "../model";
import { codecOf } from "../values/codec";
import type { RowHash } from "./hash";
import { type Met, rowFunctions } from "./rowFunctions";
import { allOf, sourceRowText } from "./rowText";
import type { Span } from "./span";

/** Rows that SQLite's SQL made into one text. */
export interface RowChunk {
  readonly span: Span;
  readonly rows: number;
  /** Hashes one row after the other, and tells of each. Undefined: a row among them can only be read by JavaScript. */
  readonly hashed?: (hash: RowHash, onRow: () => void) => void;
}

const CHUNK_ROWS = 2_000;
/** What a chunk may be in bytes, one row excepted. */
const CHUNK_BYTES = 4 * 1024 * 1024;

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

type Extent = [first: bigint | null, last: bigint | null, rows: bigint, bytes: bigint];
type Texts = [text: Buffer | null, lengths: string | null, fine: bigint | null];

/** Reads a table of a UTF-8 database along its rowid, many rows at once: each crossing into JavaScript costs as much as a row. */
export class RowChunks {
  private readonly met: Met;
  private readonly extent;
  private readonly texts;
  private readonly nth;

  constructor(db: Database, table: TablePlan, rowid: string) {
    const codecs = table.columns.map(({ codec }) => codecOf(codec));
    this.met = rowFunctions(db, table, codecs);
    const large = table.columns.filter(({ codec }) => ["text", "bytea", "json"].includes(codec.kind));
    const size = large.map(({ select }) => `ifnull(octet_length(${select}), 0)`);
    this.extent = db
      .prepare<unknown[], Extent>(
        `SELECT min(k), max(k), count(*), sum(b) FROM (SELECT s.${rowid} AS k, ${summed(size)} AS b FROM ${sourceTable(table)}
          WHERE s.${rowid} BETWEEN ? AND ? ORDER BY s.${rowid} LIMIT ?)`,
      )
      .raw()
      .safeIntegers();
    this.texts = db
      .prepare<unknown[], Texts>(
        `SELECT CAST(group_concat(f, '') AS BLOB), group_concat(octet_length(f)), min(c) FROM (
          SELECT ${sourceRowText(table, codecs)} AS f, ${fine(table)} AS c
          FROM ${sourceTable(table)} WHERE s.${rowid} BETWEEN ? AND ? ORDER BY s.${rowid})`,
      )
      .raw()
      .safeIntegers();
    this.nth = db
      .prepare<unknown[], bigint>(
        `SELECT s.${rowid} FROM ${sourceTable(table)} WHERE s.${rowid} BETWEEN ? AND ? ORDER BY s.${rowid} LIMIT 1 OFFSET ?`,
      )
      .pluck()
      .safeIntegers();
  }

  *of(span: Span): Generator<RowChunk> {
    for (const { first, last, rows } of this.extents(span)) {
      this.met.refused = false;
      const [text, lengths, fine] = this.texts.get(first, last) ?? [null, null, null];
      const part = { span: between(first, last), rows };
      // What is no UTF-8, SQL does not see; and it cannot tell which row was refused.
      if (this.met.refused || fine !== 1n || text === null || lengths === null || !isUtf8(text)) yield part;
      else yield { ...part, hashed: (hash, onRow) => hashedRows(text, lengths, hash, onRow) };
    }
  }

  /** The span that is one row of a span, by its place in it. */
  row({ after, upTo }: Span, place: number): Span {
    const rowid = this.nth.get(after === undefined ? LEAST : after + 1n, upTo ?? MOST, BigInt(place));
    if (rowid === undefined) throw new Error("a row went away in a read transaction");
    return between(rowid, rowid);
  }

  /** Parts of a span that are not too large, though one row may be. */
  private *extents({ after, upTo }: Span): Generator<{ first: bigint; last: bigint; rows: number }> {
    const end = upTo ?? MOST;
    let limit = CHUNK_ROWS;
    for (let from = after === undefined ? LEAST : after + 1n; from <= end; ) {
      const [first, last, rows, bytes] = this.extent.get(from, end, BigInt(limit)) ?? [null, null, 0n, 0n];
      if (first === null || last === null) return;
      if (Number(bytes) > CHUNK_BYTES && limit > 1) {
        limit = Math.max(1, Math.floor((limit * CHUNK_BYTES) / Number(bytes) / 2));
        continue;
      }
      yield { first, last, rows: Number(rows) };
      limit = Math.min(CHUNK_ROWS, limit * 2);
      from = last + 1n;
    }
  }
}

/** The least rowid has none before it. */
const between = (first: bigint, last: bigint): Span =>
  first === LEAST ? { upTo: last } : { after: first - 1n, upTo: last };

function hashedRows(text: Buffer, lengths: string, hash: RowHash, onRow: () => void): void {
  let start = 0;
  for (const length of lengths.split(",")) {
    const end = start + Number(length);
    hash.of(text, start, end);
    onRow();
    start = end;
  }
}

/** SQL that gives 1 when the plan's checks hold and no key is NULL. */
function fine({ checks = [], columns, targetKey }: TablePlan): string {
  const keys = columns.filter(({ target }) => targetKey.includes(target));
  const terms = [
    ...checks.map(({ sql }) => `ifnull((${sql}), 0) <> 0`),
    ...keys.map(({ select }) => `${select} IS NOT NULL`),
  ];
  return terms.length === 0 ? "1" : allOf(terms);
}

/** In brackets, as `allOf`. */
function summed(terms: readonly string[]): string {
  const brackets: string[] = [];
  for (let at = 0; at < terms.length; at += 90) brackets.push(`(${terms.slice(at, at + 90).join(" + ")})`);
  return brackets.join(" + ") || "0";
}
