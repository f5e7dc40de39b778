import type { Client } from "pg";
import { NOTES } from "../target/session";

/** Makes the tables that tell how far the target has followed the source. */
export async function makeMarks(client: Client): Promise<void> {
  await client.query(
    `CREATE SCHEMA IF NOT EXISTS ${NOTES};
     CREATE TABLE IF NOT EXISTS ${NOTES}.replay (one boolean PRIMARY KEY DEFAULT true CHECK (one), mark bigint NOT NULL);
     CREATE TABLE IF NOT EXISTS ${NOTES}.recopied (tbl text PRIMARY KEY, writes bigint NOT NULL)`,
  );
}

/** The last entry of the source's log that the target has; 0 before the first replay. */
export async function replayedMark(client: Client): Promise<bigint> {
  const { rows } = await client.query<{ mark: string }>(`SELECT mark::text AS mark FROM ${NOTES}.replay`);
  return BigInt(rows[0]?.mark ?? 0);
}

/** Notes it, in the caller's transaction. */
export async function noteMark(client: Client, mark: bigint): Promise<void> {
  await client.query(
    `INSERT INTO ${NOTES}.replay (mark) VALUES ($1) ON CONFLICT (one) DO UPDATE SET mark = EXCLUDED.mark`,
    [mark.toString()],
  );
}

/** How often each table without a key had been written when it was copied last, by its name in the target. */
export async function recopiedAt(client: Client): Promise<Map<string, bigint>> {
  const { rows } = await client.query<{ tbl: string; writes: string }>(
    `SELECT tbl, writes::text AS writes FROM ${NOTES}.recopied`,
  );
  return new Map(rows.map(({ tbl, writes }) => [tbl, BigInt(writes)]));
}

/** Notes it, in the caller's transaction. */
export async function noteRecopied(client: Client, table: string, writes: bigint): Promise<void> {
  await client.query(
    `INSERT INTO ${NOTES}.recopied (tbl, writes) VALUES ($1, $2) ON CONFLICT (tbl) DO UPDATE SET writes = EXCLUDED.writes`,
    [table, writes.toString()],
  );
}
