import type { Client } from "pg";
import { NOTES } from "./session";

/** What is made, or made again, after the rows are there. */
export type LaterKind = "index" | "foreign key" | "trigger" | "finish";

/** One line of `ladder_promotion.later`: a statement for the time after the rows. */
export interface Later {
  readonly no: number;
  readonly kind: LaterKind;
  /** Table in the schema `public`, not quoted; empty for a statement of `Plan.finish`. */
  readonly tbl: string;
  readonly name: string;
  readonly sql: string;
  /** Takes away what `sql` made; null where nothing has to. */
  readonly undo: string | null;
}

/** The notes of how the target was prepared. The row in `prepared` is written by the transaction that completes it. */
export const MAKE_NOTES = `
CREATE SCHEMA IF NOT EXISTS ${NOTES};
CREATE TABLE IF NOT EXISTS ${NOTES}.later (
  no int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  tbl text NOT NULL,
  name text NOT NULL,
  sql text NOT NULL,
  undo text,
  done boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS ${NOTES}.prepared (one boolean PRIMARY KEY DEFAULT true CHECK (one), at timestamptz NOT NULL DEFAULT clock_timestamp())`;

/** Whether a table of ours is there. */
export async function isNoted(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
    `${NOTES}.${table}`,
  ]);
  return rows[0]?.there === true;
}

/** Notes a statement, in the caller's transaction. */
export async function noteLater(client: Client, later: Omit<Later, "no">): Promise<void> {
  await client.query(`INSERT INTO ${NOTES}.later (kind, tbl, name, sql, undo) VALUES ($1, $2, $3, $4, $5)`, [
    later.kind,
    later.tbl,
    later.name,
    later.sql,
    later.undo,
  ]);
}

/** The statements of a kind that are done, or still to be done, in their order. */
export async function laterOf(client: Client, kind: LaterKind, done: boolean): Promise<Later[]> {
  const { rows } = await client.query<Later>(
    `SELECT no, kind, tbl, name, sql, undo FROM ${NOTES}.later WHERE kind = $1 AND done = $2 ORDER BY no`,
    [kind, done],
  );
  return rows;
}

/** Runs a statement and notes that it was done, in the caller's transaction. */
export async function doLater(client: Client, later: Later): Promise<void> {
  await client.query(later.sql);
  await client.query(`UPDATE ${NOTES}.later SET done = true WHERE no = $1`, [later.no]);
}

/** Takes back what a statement made, and notes that it is to be done again, in the caller's transaction. */
export async function undoLater(client: Client, later: Later): Promise<void> {
  if (later.undo !== null) await client.query(later.undo);
  await client.query(`UPDATE ${NOTES}.later SET done = false WHERE no = $1`, [later.no]);
}
