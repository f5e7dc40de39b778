import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import type { TablePlan } from "../model";
import { type ChunkReader, chunkReader } from "./chunk";
import { hugeRow } from "./huge";
import { putInQuarantine, type QuarantinedRow } from "./quarantine";
import { noteRange, type Range, rowidName } from "./ranges";
import { type ReadRow, type RowReader, rowReader } from "./read";
import { refusesRow } from "./refusal";
import { guardedSender, type Sender, streamSender } from "./send";

/** A table as it is read: statements are made once, not for each range. */
export interface Reading {
  readonly db: Database;
  readonly table: TablePlan;
  readonly rowid: string | undefined;
  readonly chunks: ChunkReader | undefined;
  readonly rows: RowReader;
}

export function readingOf(db: Database, table: TablePlan): Reading {
  const rowid = rowidName(db, table);
  const chunks = rowid === undefined ? undefined : chunkReader(db, table, rowid);
  return { db, table, rowid, chunks, rows: rowReader(db, table, rowid) };
}

export interface CopyOptions {
  /** Rows that cannot be carried are kept aside. Otherwise the first of them are told, and nothing of their range is kept. */
  readonly quarantine: boolean;
  /** Rows that were sent since the last call. */
  readonly onRows: (rows: number) => void;
}

export interface CopiedRange {
  /** Rows that the target has of it. */
  readonly rows: number;
  /** Rows that cannot be carried: all of them, or the first `TOLD` where they are not kept aside. */
  readonly refused: number;
  /** Some of them. */
  readonly examples: readonly QuarantinedRow[];
}

/** Refused rows of a table that are told at most. */
export const TOLD = 100;
/** Of refused rows, as many are in memory at most. */
const HELD = 200;
const TRIES = 5;

/**
 * Copies a range in one transaction of the target, with the note that it is done. When the server refuses a row, the range is copied once more
 * in a way that finds it.
 */
export async function copyRange(
  client: Client,
  reading: Reading,
  range: Range,
  options: CopyOptions,
): Promise<CopiedRange> {
  let guarded = false;
  for (let tried = 1; ; tried++) {
    let sent = 0;
    const onRows = (rows: number): void => {
      sent += rows;
      options.onRows(rows);
    };
    try {
      return await attempt(client, reading, range, { ...options, onRows }, guarded);
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      options.onRows(-sent);
      // Ranges that are copied at the same time wait for each other where their rows are the same for a unique index.
      const again = refusesRow(error) ? !guarded : codeOf(error) === "40P01" && tried < TRIES;
      if (!again) throw error;
      guarded = true;
    }
  }
}

async function attempt(
  client: Client,
  reading: Reading,
  range: Range,
  options: CopyOptions,
  guarded: boolean,
): Promise<CopiedRange> {
  await client.query("BEGIN");
  const copied = await carryRows(client, reading, range, options, guarded);
  if (copied.refused > 0 && !options.quarantine) await client.query("ROLLBACK");
  else {
    await noteRange(client, reading.table, range, copied.rows);
    await client.query("COMMIT");
  }
  return copied;
}

/** Carries the rows of a range in the caller's transaction. \`guarded\`: rows that the server refuses are found, for some more work. */
export async function carryRows(
  client: Client,
  reading: Reading,
  range: Pick<Range, "from" | "to">,
  { quarantine, onRows }: CopyOptions,
  guarded: boolean,
): Promise<CopiedRange> {
  const { db, table, rowid } = reading;
  let held: QuarantinedRow[] = [];
  const examples: QuarantinedRow[] = [];
  let refused = 0;
  const sending = {
    client,
    table,
    huge: (row: bigint) => hugeRow(db, table, rowid ?? "", row),
    refuse: (row: QuarantinedRow) => {
      refused++;
      if (examples.length < TOLD) examples.push({ ...row, values: [] });
      if (quarantine) held.push(row);
    },
  };
  const sender = guarded ? guardedSender(sending) : streamSender(sending);
  const keep = async (): Promise<void> => {
    await sender.flush();
    await putInQuarantine(client, table, held);
    held = [];
  };
  for await (const rows of sendRange(reading, range, sender)) {
    onRows(rows);
    if (held.length >= HELD) await keep();
    if (!quarantine && refused >= TOLD) break;
  }
  await keep();
  return { rows: sender.rows, refused, examples };
}

/** A chunk of this size is on its way while the next one is made: more would not fit between two programs on one machine. */
const CHUNK_BYTES = 512 * 1024;
const CHUNK_ROWS = 10_000;
const FIRST_ROWS = 500;

/** Sends what is in a range, and tells after each part how many rows it had. */
async function* sendRange(
  reading: Reading,
  { from, to }: Pick<Range, "from" | "to">,
  sender: Sender,
): AsyncGenerator<number> {
  const { chunks, rows } = reading;
  if (chunks === undefined) {
    yield* sendRows(rows.rows(from, to), sender);
    return;
  }
  let limit = FIRST_ROWS;
  let escaped = false;
  for (let next = from; next <= to; ) {
    const chunk = chunks.read(next, to, limit, escaped);
    if (!("kind" in chunk)) {
      await sender.chunk(chunk, () => rows.rows(next, chunk.last));
      yield chunk.rows;
      next = chunk.last + 1n;
      const fitting = Math.floor((CHUNK_BYTES / chunk.lines.length) * chunk.rows);
      limit = Math.max(1, Math.min(CHUNK_ROWS, 2 * limit, fitting));
    } else if (chunk.kind === "end") return;
    else if (chunk.kind === "escapes") escaped = true;
    else if (chunk.kind === "large" && limit > 1) limit = Math.max(1, Math.floor(limit / 8));
    else {
      yield* sendRows(rows.rows(next, chunk.last), sender);
      next = chunk.last + 1n;
    }
  }
}

/** Also how many refused rows may be in memory before they are kept. */
const REPORTED_ROWS = 1_000;

async function* sendRows(found: Iterable<ReadRow>, sender: Sender): AsyncGenerator<number> {
  let rows = 0;
  for (const row of found) {
    await sender.row(row);
    if (++rows < REPORTED_ROWS) continue;
    yield rows;
    rows = 0;
  }
  yield rows;
}
