import type { Client } from "pg";
import { InvalidText, type SqliteValue, type TablePlan } from "../model";
import { NOTES } from "../target/session";
import type { RefusedColumn, SourceRow } from "./row";

/** A row that cannot be carried, as it is kept in the target. */
export interface QuarantinedRow extends SourceRow {
  readonly refusals: readonly RefusedColumn[];
}

/** A value of SQLite as JSON that nothing is lost in: {"text": "x"}; bytes, and texts that jsonb does not take, in Base64. */
type ValueJson =
  | null
  | { readonly integer: string }
  | { readonly real: string }
  | { readonly text: string }
  | { readonly textBase64: string }
  | { readonly blobBase64: string };

/** A row of more bytes is noted by its key and reason only: it stays in the SQLite file, and jsonb would not take it. */
const KEPT_BYTES = 64 * 1024 * 1024;

const MAKE = `
CREATE SCHEMA IF NOT EXISTS ${NOTES};
CREATE TABLE IF NOT EXISTS ${NOTES}.quarantine (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tbl text NOT NULL,
  key jsonb NOT NULL,
  refusals jsonb NOT NULL,
  "row" jsonb,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS quarantine_key ON ${NOTES}.quarantine USING hash (key)`;

/** Makes the table `ladder_promotion.quarantine` where it is not there yet. */
export async function makeQuarantine(client: Client): Promise<void> {
  await client.query(MAKE);
}

/**
 * Keeps rows, in the caller's transaction; a row that is there already is replaced. They are known by their source key, in a table
 * without one by all their values.
 */
export async function putInQuarantine(client: Client, table: TablePlan, rows: readonly QuarantinedRow[]) {
  if (rows.length === 0) return;
  const keyed = table.sourceKey.length > 0;
  // A NULL in the key, which SQLite allows, may be in many rows: nothing is replaced then.
  const replaced = keyed ? rows.filter(({ key }) => !key.includes(null)) : [];
  await takeFromQuarantine(
    client,
    table,
    replaced.map(({ key }) => key),
  );
  const noted = rows.map(({ key, values, refusals }) => {
    const kept = values.length > 0 && bytesOf(values) <= KEPT_BYTES;
    const row = Object.fromEntries(table.columns.map(({ target }, at) => [target, jsonOf(values[at] ?? null)]));
    return {
      key: quarantineKey(keyed || !kept ? key : values),
      refusals: JSON.stringify(refusals),
      row: kept ? JSON.stringify(row) : null,
    };
  });
  await client.query(
    `INSERT INTO ${NOTES}.quarantine (tbl, key, refusals, "row")
     SELECT $1, r.key::jsonb, r.refusals::jsonb, r.kept::jsonb FROM unnest($2::text[], $3::text[], $4::text[]) AS r (key, refusals, kept)`,
    [table.target, noted.map(({ key }) => key), noted.map(({ refusals }) => refusals), noted.map(({ row }) => row)],
  );
}

/** Lets rows go that became good, or are gone, in the caller's transaction. */
export async function takeFromQuarantine(client: Client, table: TablePlan, keys: readonly (readonly SqliteValue[])[]) {
  if (keys.length === 0) return;
  await client.query(`DELETE FROM ${NOTES}.quarantine WHERE tbl = $1 AND key = ANY ($2::text[]::jsonb[])`, [
    table.target,
    keys.map(quarantineKey),
  ]);
}

/** Lets all rows of a table go, in the caller's transaction. */
export async function emptyQuarantine(client: Client, table: TablePlan): Promise<void> {
  await client.query(`DELETE FROM ${NOTES}.quarantine WHERE tbl = $1`, [table.target]);
}

/** How many rows of each target table are in quarantine; tables without one are left out. */
export async function quarantineCounts(client: Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ tbl: string; count: string }>(
    `SELECT tbl, count(*) FROM ${NOTES}.quarantine GROUP BY tbl ORDER BY tbl`,
  );
  return new Map(rows.map(({ tbl, count }) => [tbl, Number(count)]));
}

/** A key as the quarantine has it, for a comparison with `quarantinedKeys`. */
export const quarantineKey = (key: readonly SqliteValue[]): string => JSON.stringify(key.map(jsonOf));

/** The keys of a table's rows in quarantine, as `quarantineKey` writes them: source keys, and all values where the table has none. */
export async function quarantinedKeys(client: Client, table: TablePlan): Promise<string[]> {
  const { rows } = await client.query<{ key: unknown }>(
    `SELECT key FROM ${NOTES}.quarantine WHERE tbl = $1 ORDER BY no`,
    [table.target],
  );
  return rows.map(({ key }) => JSON.stringify(key));
}

function jsonOf(value: SqliteValue): ValueJson {
  if (value === null) return null;
  if (typeof value === "bigint") return { integer: value.toString() };
  if (typeof value === "number") return { real: Object.is(value, -0) ? "-0" : String(value) };
  if (value instanceof InvalidText) return { textBase64: value.bytes.toString("base64") };
  if (typeof value !== "string") return { blobBase64: value.toString("base64") };
  return value.includes("\0") ? { textBase64: Buffer.from(value).toString("base64") } : { text: value };
}

function bytesOf(values: readonly SqliteValue[]): number {
  let bytes = 0;
  for (const value of values) {
    if (typeof value === "string" || Buffer.isBuffer(value)) bytes += value.length;
    else if (value instanceof InvalidText) bytes += value.bytes.length;
  }
  return bytes;
}
