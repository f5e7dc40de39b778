import type { Client } from "pg";
import type { TablePlan } from "../model";
import { copyField } from "../values/copyText";
import type { Chunk } from "./chunk";
import type { HugeRow } from "./huge";
import type { QuarantinedRow } from "./quarantine";
import type { ReadRow } from "./read";
import { refusesRow, serverRefusal } from "./refusal";
import { encodeRow, type SourceRow } from "./row";
import { beginCopy, type CopyStream } from "./stream";

/** Sends the rows of one range, in the caller's transaction. */
export interface Sender {
  /** Lines that SQLite made. `reread` reads the same rows for JavaScript. */
  chunk(chunk: Chunk, reread: () => Iterable<ReadRow>): Promise<void>;
  row(row: ReadRow): Promise<void>;
  /** Resolves when the server has taken all that was sent; more may be sent afterwards. */
  flush(): Promise<void>;
  /** Rows that the server has taken, once flushed. */
  readonly rows: number;
}

/** What both senders are given. */
export interface Sending {
  readonly client: Client;
  readonly table: TablePlan;
  readonly huge: (rowid: bigint) => HugeRow;
  readonly refuse: (row: QuarantinedRow) => void;
}

/** How much of JavaScript's lines goes at a time, and how many rows are tried together where the server may refuse one. */
const BATCH_BYTES = 256 * 1024;
const BATCH_ROWS = 500;

const lineOf = (fields: readonly (string | null)[]): string => `${fields.map(copyField).join("\t")}\n`;

/** One COPY for all rows: the fastest way. A row that the server refuses ends the transaction. */
export function streamSender({ client, table, huge, refuse }: Sending): Sender {
  let stream: CopyStream | undefined;
  let text = "";
  let rows = 0;
  const write = async (lines: Buffer): Promise<void> => {
    stream ??= beginCopy(client, table);
    await stream.write(lines);
  };
  const writeText = async (): Promise<void> => {
    if (text === "") return;
    const lines = Buffer.from(text);
    text = "";
    await write(lines);
  };
  return {
    async chunk(chunk) {
      await writeText();
      rows += chunk.rows;
      await write(chunk.lines);
    },
    async row(read) {
      if ("huge" in read) {
        const { row, refusals, pieces } = huge(read.huge);
        if (refusals.length > 0) return refuse({ ...row, refusals });
        await writeText();
        for (const piece of pieces) await write(piece);
        rows++;
        return;
      }
      const encoded = encodeRow(table, read.row);
      if ("refusals" in encoded) return refuse({ ...read.row, refusals: encoded.refusals });
      text += lineOf(encoded.fields);
      rows++;
      if (text.length >= BATCH_BYTES) await writeText();
    },
    async flush() {
      await writeText();
      await stream?.end();
      stream = undefined;
    },
    get rows() {
      return rows;
    },
  };
}

interface Pending {
  readonly row: SourceRow;
  readonly line: string;
}

/** Where the server refuses rows: each COPY has a savepoint of its own, and is halved until the row is found. */
export function guardedSender({ client, table, huge, refuse }: Sending): Sender {
  let batch: Pending[] = [];
  let bytes = 0;
  let rows = 0;

  /** True when the server took the lines. Otherwise its reason, and the transaction is as it was before. */
  async function taken(lines: Iterable<Buffer>): Promise<true | ReturnType<typeof serverRefusal>> {
    await client.query("SAVEPOINT ladder_rows");
    try {
      const stream = beginCopy(client, table);
      for (const piece of lines) await stream.write(piece);
      await stream.end();
      await client.query("RELEASE SAVEPOINT ladder_rows");
      return true;
    } catch (error) {
      if (!refusesRow(error)) throw error;
      await client.query("ROLLBACK TO SAVEPOINT ladder_rows");
      return serverRefusal(error);
    }
  }

  async function send(pending: readonly Pending[]): Promise<void> {
    const [first] = pending;
    if (first === undefined) return;
    const outcome = await taken([Buffer.from(pending.map(({ line }) => line).join(""))]);
    if (outcome === true) rows += pending.length;
    else if (pending.length === 1) refuse({ ...first.row, refusals: [outcome] });
    else {
      const half = Math.ceil(pending.length / 2);
      await send(pending.slice(0, half));
      await send(pending.slice(half));
    }
  }

  async function sendBatch(): Promise<void> {
    const pending = batch;
    batch = [];
    bytes = 0;
    await send(pending);
  }

  async function sendHuge(rowid: bigint): Promise<void> {
    const { row, refusals, pieces } = huge(rowid);
    if (refusals.length > 0) return refuse({ ...row, refusals });
    const outcome = await taken(pieces);
    if (outcome === true) rows++;
    else refuse({ ...row, refusals: [outcome] });
  }

  async function sendRow(read: ReadRow): Promise<void> {
    if ("huge" in read) return sendHuge(read.huge);
    const encoded = encodeRow(table, read.row);
    if ("refusals" in encoded) return refuse({ ...read.row, refusals: encoded.refusals });
    const line = lineOf(encoded.fields);
    batch.push({ row: read.row, line });
    bytes += line.length;
    if (batch.length >= BATCH_ROWS || bytes >= BATCH_BYTES) await sendBatch();
  }

  return {
    async chunk(chunk, reread) {
      await sendBatch();
      if ((await taken([chunk.lines])) === true) rows += chunk.rows;
      else for (const read of reread()) await sendRow(read);
    },
    row: sendRow,
    flush: sendBatch,
    get rows() {
      return rows;
    },
  };
}
