import type { Database } from "better-sqlite3";
import { encodeRow, readRow, type SourceRow, selectRow } from "../copy/row";
import type { TablePlan } from "../model";
import { RowHash } from "./hash";
import { RowChunks } from "./rowChunks";
import { rowidOf } from "./rowid";
import { rowText } from "./rowText";
import type { Span } from "./span";

interface Told {
  /** Of every row that can be carried: the upper and the lower half of its hash. */
  readonly onHash: (high: number, low: number) => void;
  readonly onRefused?: (row: SourceRow) => void;
  /** How many rows were read since the last time. */
  readonly onRows?: (rows: number) => void;
}

/** A row with its fields and their hash; without them it cannot be carried. */
type HashedRow =
  | { readonly row: SourceRow; readonly fields: readonly (string | null)[]; readonly hash: RowHash }
  | { readonly row: SourceRow; readonly fields: undefined; readonly hash: undefined };

const STEP_ROWS = 2_000;
/** So many rows of a chunk are looked for one by one. */
const FEW = 50;

/** Reads a table's rows as they are compared. In a read transaction of the caller. */
export class SourceRows {
  private readonly rowid: string | undefined;
  /** Undefined: row by row only. */
  private readonly chunks: RowChunks | undefined;
  private readonly hash = new RowHash();

  constructor(
    private readonly db: Database,
    private readonly table: TablePlan,
  ) {
    this.rowid = rowidOf(db, table);
    const utf8 = db.pragma("encoding", { simple: true }) === "UTF-8";
    if (this.rowid !== undefined && utf8) this.chunks = new RowChunks(db, table, this.rowid);
  }

  /** Hashes the rows that can be carried. */
  hashes(span: Span, told: Told): void {
    if (this.chunks === undefined) return void this.hashEach(span, told);
    for (const chunk of this.chunks.of(span)) {
      if (chunk.hashed === undefined) this.hashEach(chunk.span, { ...told, onRows: () => undefined });
      else chunk.hashed(this.hash, () => told.onHash(this.hash.high, this.hash.low));
      told.onRows?.(chunk.rows);
    }
  }

  private hashEach(span: Span, { onHash, onRefused, onRows }: Told): void {
    let read = 0;
    for (const { row, hash } of this.rows(span)) {
      if (hash === undefined) onRefused?.(row);
      else onHash(hash.high, hash.low);
      if (++read % STEP_ROWS === 0) onRows?.(STEP_ROWS);
    }
    onRows?.(read % STEP_ROWS);
  }

  /** The rows of a span that can be carried and have these hashes; `wanted`: how many rows have each, counted down. */
  *withHashes(span: Span, wanted: Map<bigint, number>) {
    for (const part of this.parts(span, wanted))
      for (const { row, fields, hash } of this.rows(part)) {
        const times = hash === undefined ? 0 : (wanted.get(hash.unsigned) ?? 0);
        if (hash === undefined || times === 0) continue;
        wanted.set(hash.unsigned, times - 1);
        yield { row, fields, high: hash.high, low: hash.low };
      }
  }

  /** Parts of a span outside of which no row has one of the hashes. */
  private *parts(span: Span, wanted: ReadonlyMap<bigint, number>): Generator<Span> {
    if (this.chunks === undefined) return yield span;
    for (const chunk of this.chunks.of(span)) {
      const places: number[] = [];
      let place = 0;
      chunk.hashed?.(this.hash, () => {
        if (wanted.has(this.hash.unsigned)) places.push(place);
        place++;
      });
      if (chunk.hashed === undefined || places.length > FEW) yield chunk.span;
      else for (const at of places) yield this.chunks.row(chunk.span, at);
    }
  }

  /** The rows of a span one by one. `hash` is that of the row until the next one is asked for. */
  private *rows({ after, upTo }: Span): Generator<HashedRow> {
    const terms = [
      ...(after === undefined ? [] : [`s.${this.rowid} > ?`]),
      ...(upTo === undefined ? [] : [`s.${this.rowid} <= ?`]),
    ];
    const where = terms.length === 0 ? "" : ` WHERE ${terms.join(" AND ")}`;
    const read = this.db
      .prepare<unknown[], unknown[]>(`${selectRow(this.table)}${where}`)
      .raw()
      .safeIntegers();
    for (const raw of read.iterate(...[after, upTo].filter((end) => end !== undefined))) {
      const row = readRow(this.table, raw);
      const encoded = encodeRow(this.table, row);
      if ("refusals" in encoded) {
        yield { row, fields: undefined, hash: undefined };
        continue;
      }
      const bytes = Buffer.from(rowText(this.table, encoded.fields));
      this.hash.of(bytes, 0, bytes.length);
      yield { row, fields: encoded.fields, hash: this.hash };
    }
  }
}
