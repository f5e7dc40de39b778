import Database from "better-sqlite3";
import type { CodecSpec, SqlEncoding, TablePlan } from "../model";
import { codecOf } from "../values/codec";
import { sourceTable } from "./row";

/** Many rows as lines of COPY, made by SQLite itself: one crossing into JavaScript for all of them. */
export interface Chunk {
  readonly lines: Buffer;
  readonly rows: number;
  /** Rowid of the last row. */
  readonly last: bigint;
}

/**
 * Why a chunk has no lines that can be sent: some row needs JavaScript, one is larger than the limit of rows allows, one needs escapes, or
 * there are no rows.
 */
export type NoChunk =
  | { readonly kind: "unclean" | "large"; readonly last: bigint }
  | { readonly kind: "escapes" }
  | { readonly kind: "end" };

export interface ChunkReader {
  /** At most `limit` rows from `from` to `to`. `escaped`: with COPY's escapes, which cost time and are seldom needed. */
  read(from: bigint, to: bigint, limit: number, escaped: boolean): Chunk | NoChunk;
}

/** What a chunk may hold at most, should each of its rows be as large as a row is let through. */
const MOST_BYTES = 24 * 1024 * 1024;
/** Arguments of a function, and terms of an expression, that SQLite takes for sure. */
const ARGUMENTS = 90;
/** Kinds whose clean values are small in any case. */
const SMALL = new Set(["integer", "boolean", "double", "date", "timestamp"]);

type Row = [
  lines: Buffer | null,
  plain: Buffer | null,
  rows: bigint,
  whole: bigint,
  clean: bigint | null,
  last: bigint | null,
];

/** A reader of a table by its rowid; undefined where a column can only be encoded by JavaScript. */
export function chunkReader(db: Database.Database, table: TablePlan, rowid: string): ChunkReader | undefined {
  if (db.pragma("encoding", { simple: true }) !== "UTF-8") return undefined;
  const columns = encodings(table);
  if (columns === undefined) return undefined;
  const statements = [false, true].map((escaped) =>
    db
      .prepare<[Record<"large" | "from" | "to" | "limit", bigint>], Row>(chunkSql(table, columns, rowid, escaped))
      .raw()
      .safeIntegers(),
  );
  return {
    read(from, to, limit, escaped) {
      const large = BigInt(Math.ceil(MOST_BYTES / limit));
      const row = computed(() => statements[escaped ? 1 : 0]?.get({ large, from, to, limit: BigInt(limit) }));
      if (row === undefined) return { kind: "unclean", last: to };
      const [lines, plain, count, whole, clean, last] = row;
      if (last === null) return { kind: "end" };
      if (clean !== 1n || lines?.includes(0)) return { kind: "unclean", last };
      if (whole !== count || lines === null) return { kind: "large", last };
      if (plain !== null && holdsSpecials(plain)) return { kind: "escapes" };
      return { lines, rows: Number(count), last };
    },
  };
}

/** An expression that cannot be computed for some row is for JavaScript, which looks at each: undefined. */
function computed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError && ["SQLITE_ERROR", "SQLITE_TOOBIG"].includes(error.code))
      return undefined;
    throw error;
  }
}

/** `value`: the name of what `select` gave; encoded several times, and read once. */
interface Encoded extends SqlEncoding {
  readonly select: string;
  readonly value: string;
  readonly small: boolean;
  readonly bytes: boolean;
  readonly key: boolean;
}

function encodings(table: TablePlan): readonly Encoded[] | undefined {
  const found: Encoded[] = [];
  for (const [at, { select, codec, target }] of table.columns.entries()) {
    const value = `v${at}`;
    const sql = codecOf(codec).sql(value);
    if (sql === undefined) return undefined;
    found.push({
      ...sql,
      clean: cleanOf(codec, value, sql),
      select,
      value,
      small: SMALL.has(codec.kind),
      bytes: codec.kind === "bytea",
      key: table.targetKey.includes(target),
    });
  }
  return found;
}

/** A NUL is found in a chunk's bytes, which is quicker than to look for it in each of its texts. */
function cleanOf(spec: CodecSpec, value: string, { clean }: SqlEncoding): string {
  const plainText =
    spec.kind === "text" && spec.numbers !== true && spec.length === undefined && spec.empty === undefined;
  return plainText ? `(typeof(${value}) = 'text' OR ${value} IS NULL)` : clean;
}

/**
 * Three queries in one: the values of the rows, each computed once, and not loaded where they are large; the lines of them; and all lines
 * together. Each has a limit, or SQLite would make one of them again and compute the values wherever they are used.
 */
function chunkSql(table: TablePlan, columns: readonly Encoded[], rowid: string, escaped: boolean): string {
  const large = columns.filter(({ small }) => !small);
  const sizes = large.map(({ select }) => `ifnull(octet_length(${select}), 0)`);
  const values = columns.map(({ select, value, small }) =>
    small ? `${select} AS ${value}` : `CASE WHEN octet_length(${select}) < @large THEN ${select} END AS ${value}`,
  );
  const checks = (table.checks ?? []).map(({ sql }) => `ifnull(${sql}, 0)`);
  const fields = columns.map(({ text, escapes, bytes }) => {
    // Of \x and hexadecimal digits, the backslash alone needs its escape.
    if (bytes) return `ifnull('\\' || ${text}, '\\N')`;
    return `ifnull(${escapes && escaped ? escapedText(text) : text}, '\\N')`;
  });
  const clean = [
    "checked",
    ...columns.map((column) => column.clean),
    ...columns.filter(({ key }) => key).map(({ value }) => `${value} IS NOT NULL`),
  ];
  const plain = escaped ? [] : columns.filter(({ escapes, bytes }) => escapes && !bytes).map(({ text }) => text);
  return `SELECT CAST(group_concat(line, '') AS BLOB), CAST(group_concat(plain, '') AS BLOB), count(*), count(line), min(clean), max(k) FROM (
    SELECT k, ${joinTerms(clean, " AND ")} AS clean,
      CASE WHEN size < @large THEN ${concatenated("char(9)", fields)} || char(10) END AS line,
      CASE WHEN size < @large THEN ${plain.length === 0 ? "NULL" : concatenated("''", plain)} END AS plain
    FROM (
      SELECT s.${rowid} AS k, ${sizes.length === 0 ? "0" : joinTerms(sizes, " + ")} AS size,
        ${checks.length === 0 ? "1" : joinTerms(checks, " AND ")} AS checked, ${values.join(", ")}
      FROM ${sourceTable(table)} WHERE s.${rowid} >= @from AND s.${rowid} <= @to ORDER BY s.${rowid} LIMIT @limit)
    LIMIT @limit)`;
}

const escapedText = (text: string): string =>
  `replace(replace(replace(replace(${text}, '\\', '\\\\'), char(9), '\\t'), char(10), '\\n'), char(13), '\\r')`;

/** concat_ws is half as much work as the operator ||; both keep what comes after a NUL. */
function concatenated(separator: string, terms: readonly string[]): string {
  const parts: string[] = [];
  for (let start = 0; start < terms.length; start += ARGUMENTS)
    parts.push(`concat_ws(${separator}, ${terms.slice(start, start + ARGUMENTS).join(", ")})`);
  return parts.length === 1 ? (parts[0] ?? "") : `concat_ws(${separator}, ${parts.join(", ")})`;
}

/** Terms with an operator between them. SQLite limits the depth of an expression to 1,000, and a table may have 2,000 columns. */
export function joinTerms(terms: readonly string[], operator: string): string {
  const brackets: string[] = [];
  for (let start = 0; start < terms.length; start += ARGUMENTS)
    brackets.push(
      `(${terms
        .slice(start, start + ARGUMENTS)
        .map((term) => `(${term})`)
        .join(operator)})`,
    );
  return brackets.join(operator);
}

const SPECIALS = ["\\", "\t", "\n", "\r"].map((character) => character.charCodeAt(0));

const holdsSpecials = (plain: Buffer): boolean => SPECIALS.some((byte) => plain.includes(byte));
