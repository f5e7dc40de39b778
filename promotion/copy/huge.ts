import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import { type ColumnPlan, Refusal, type TablePlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";
import { copyField } from "../values/copyText";
import { type RefusedColumn, type SourceRow, sourceTable } from "./row";

/** A value from this size on goes to the server in pieces, where its kind allows it. */
const LARGE = 1024 * 1024;
/** SQLite reads the whole value for each piece; JavaScript never has more of it than this. */
const PIECE = 16 * 1024 * 1024;
const WRITTEN = 256 * 1024;

/** A row that is sent in pieces. */
export interface HugeRow {
  /** Its key alone: the values are too large to be kept twice. */
  readonly row: SourceRow;
  /** Why it cannot be carried; empty when it can. */
  readonly refusals: readonly RefusedColumn[];
  /** Its line of COPY's text, made as it is asked for. */
  readonly pieces: Generator<Buffer>;
}

/** A field as text, or SQL of its bytes that are read piece by piece. */
type Field = { readonly text: string | null } | { readonly hex: boolean; readonly sql: string; readonly bytes: number };

/** Reads a row by its rowid, a large value at a time. */
export function hugeRow(db: Database, table: TablePlan, rowid: string, row: bigint): HugeRow {
  const fields: Field[] = [];
  const refusals: RefusedColumn[] = [];
  const one = (sql: string): unknown[] => {
    const found = db.prepare<[bigint], unknown[]>(`SELECT ${sql} FROM ${sourceTable(table)} WHERE s.${rowid} = ?`);
    return found.raw().safeIntegers().get(row) ?? [];
  };
  for (const { sql, reason } of table.checks ?? [])
    if (Number(one(`(${sql})`)[0] ?? 0) === 0) refusals.push({ column: "", reason });
  for (const column of table.columns) {
    const field = fieldOf(column, one);
    if (field instanceof Refusal) refusals.push({ column: column.target, reason: field.reason });
    else fields.push(field);
  }
  const keys = table.sourceKey.flatMap((name) => one(valueColumns(`s.${quoteName(name)}`)));
  const key = table.sourceKey.map((_, at) => readValue(keys[2 * at], keys[2 * at + 1]));
  return { row: { key, values: [], failed: [] }, refusals, pieces: piecesOf(fields, one) };
}

function fieldOf({ select, codec: spec }: ColumnPlan, one: (sql: string) => unknown[]): Field | Refusal {
  const codec = codecOf(spec);
  const sql = codec.sql(select);
  const bytes = Number(one(`ifnull(octet_length(${select}), 0)`)[0]);
  // Bytes that are no UTF-8 are seen by the server only; where they are to be repaired, the value is taken as a whole.
  const repaired = spec.kind === "text" && spec.invalid !== undefined;
  if (bytes >= LARGE && sql !== undefined && !repaired && Number(one(sql.clean)[0] ?? 0) === 1) {
    if (spec.kind === "bytea") return { hex: true, sql: select, bytes };
    return { hex: false, sql: sql.text, bytes: Number(one(`octet_length(${sql.text})`)[0]) };
  }
  const [storage, raw] = one(valueColumns(select));
  const encoded = codec.encode(readValue(storage, raw));
  return encoded instanceof Refusal ? encoded : { text: encoded };
}

function* piecesOf(fields: readonly Field[], one: (sql: string) => unknown[]): Generator<Buffer> {
  for (const [at, field] of fields.entries()) {
    if (at > 0) yield Buffer.from("\t");
    if ("text" in field) yield Buffer.from(copyField(field.text));
    else {
      if (field.hex) yield Buffer.from("\\\\x");
      for (let start = 0; start < field.bytes; start += PIECE) {
        const [piece] = one(`substr(CAST(${field.sql} AS BLOB), ${start + 1}, ${PIECE})`);
        if (!Buffer.isBuffer(piece)) throw new Error("a value that is large at one time and none at another");
        yield* written(piece, field.hex);
      }
    }
  }
  yield Buffer.from("\n");
}

/** What COPY escapes is ASCII, and stands in no other character of UTF-8: bytes may be taken for characters. */
function* written(piece: Buffer, hex: boolean): Generator<Buffer> {
  for (let start = 0; start < piece.length; start += WRITTEN) {
    const part = piece.subarray(start, start + WRITTEN);
    yield Buffer.from(hex ? part.toString("hex") : copyField(part.toString("latin1")), "latin1");
  }
}
