import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import { from } from "pg-copy-streams";
import { putInQuarantine, type QuarantinedRow } from "../copy/quarantine";
import { encodeRow, readRow, selectRow } from "../copy/row";
import type { TablePlan } from "../model";
import { copyField } from "../values/copyText";
import type { Refusals } from "./refusals";

/** The temporary table that a table's rows are put into first; it goes with the transaction. */
export const stageOf = (table: TablePlan): string => escapeIdentifier(`_ladder_stage_${table.target}`.slice(0, 63));

export const targetColumns = (table: TablePlan): string =>
  table.columns.map(({ target }) => escapeIdentifier(target)).join(", ");

export interface Staged {
  readonly rows: number;
  readonly quarantined: number;
}

export interface StageOptions {
  readonly db: Database;
  readonly client: Client;
  readonly refusals: Refusals;
  /** Refused rows are kept in the target's quarantine. Otherwise they are only counted. */
  readonly quarantine: boolean;
  readonly onRows: (rows: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const CHUNK = 64 * 1024;
const KEPT = 1_000;

/** Puts every row of a table that can be carried into its stage, in the caller's transaction. */
export async function stageTable(table: TablePlan, options: StageOptions): Promise<Staged> {
  const { client, signal } = options;
  const columns = targetColumns(table);
  await client.query(
    `CREATE TEMPORARY TABLE ${stageOf(table)} ON COMMIT DROP AS SELECT ${columns} FROM public.${escapeIdentifier(table.target)} WITH NO DATA`,
  );
  const refused: QuarantinedRow[] = [];
  let rows = 0;
  let quarantined = 0;
  function* lines(): Generator<string> {
    let chunk = "";
    for (const line of encodedRows(table, options, (row) => {
      quarantined += 1;
      if (options.quarantine) refused.push(row);
    })) {
      rows += 1;
      chunk += line;
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = "";
    }
    if (chunk !== "") yield chunk;
  }
  const copy = client.query(from(`COPY ${stageOf(table)} (${columns}) FROM STDIN`));
  await pipeline(Readable.from(lines()), copy, { signal });
  for (let start = 0; start < refused.length; start += KEPT)
    await putInQuarantine(client, table, refused.slice(start, start + KEPT));
  await client.query(`ANALYZE ${stageOf(table)}`);
  return { rows, quarantined };
}

function* encodedRows(
  table: TablePlan,
  { db, refusals, onRows }: StageOptions,
  onRefused: (row: QuarantinedRow) => void,
): Generator<string> {
  const statement = db.prepare<[], unknown[]>(selectRow(table)).raw().safeIntegers();
  for (const raw of statement.iterate()) {
    const row = readRow(table, raw);
    const encoded = encodeRow(table, row);
    onRows(1);
    if ("fields" in encoded) yield `${encoded.fields.map(copyField).join("\t")}\n`;
    else {
      for (const refusal of encoded.refusals) refusals.add(table.source, row.key, refusal);
      onRefused({ ...row, refusals: encoded.refusals });
    }
  }
}
