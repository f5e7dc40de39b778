import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Client, escapeIdentifier } from "pg";
import { from } from "pg-copy-streams";
import type { TablePlan } from "../model";
import { copyField } from "../values/copyText";

/** Temporary tables of a session, emptied with each transaction, that rows go through on their way into a table. */
export interface Stage {
  readonly table: string;
  readonly rows: string;
  readonly keys: string;
}

/** Bytes of COPY's text that go to the server at a time. */
const CHUNK = 64 * 1024;

/** Makes the stage of a planned table, `no` of its plan, where the session has none yet. */
export async function makeStage(client: Client, plan: TablePlan, no: number): Promise<Stage> {
  const stage = {
    table: `public.${escapeIdentifier(plan.target)}`,
    rows: `pg_temp._ladder_rows_${no}`,
    keys: `pg_temp._ladder_keys_${no}`,
  };
  const { rows } = await client.query<{ known: boolean }>("SELECT to_regclass($1) IS NOT NULL AS known", [stage.rows]);
  if (rows[0]?.known) return stage;
  const named = (name: string): string => name.replace("pg_temp.", "");
  // With defaults and generated columns: a unique index may be over those too.
  await client.query(
    `CREATE TEMPORARY TABLE ${named(stage.rows)} (LIKE ${stage.table} INCLUDING DEFAULTS INCLUDING GENERATED) ON COMMIT DELETE ROWS;
     CREATE TEMPORARY TABLE ${named(stage.keys)} ON COMMIT DELETE ROWS AS SELECT ${list(plan.targetKey)} FROM ${stage.table} WITH NO DATA`,
  );
  return stage;
}

/** Names of columns for SQL. */
export const list = (names: readonly string[], row?: string): string =>
  names.map((name) => (row === undefined ? "" : `${row}.`) + escapeIdentifier(name)).join(", ");

/** Copies rows of texts into a table. `rows` is read as the server takes them, and must not throw. */
export async function copyRows(
  client: Client,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly (string | null)[]>,
): Promise<void> {
  const copy = client.query(from(`COPY ${table} (${list(columns)}) FROM STDIN`));
  await pipeline(Readable.from(chunks(rows), { highWaterMark: 1 }), copy);
}

function* chunks(rows: Iterable<readonly (string | null)[]>): Generator<Buffer> {
  let text = "";
  for (const row of rows) {
    text += `${row.map(copyField).join("\t")}\n`;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}
