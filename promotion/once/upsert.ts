import { type Client, escapeIdentifier } from "pg";
import type { TablePlan } from "../model";
import { stageOf, targetColumns } from "./stage";

/** What became of a table's rows in the target. */
export interface Upserted {
  readonly before: number;
  readonly inserted: number;
  readonly updated: number;
  /** Rows that are in the target alone; they stay. */
  readonly extra: number;
}

/**
 * Brings staged rows into their table, in the caller's transaction: new ones are inserted, those whose key is there get the source's
 * values where they differ (S2-27). Rows without a key are inserted into an empty table only; in another they are compared.
 */
export async function upsert(client: Client, table: TablePlan): Promise<Upserted> {
  const target = `public.${escapeIdentifier(table.target)}`;
  const before = await countOf(client, target);
  if (table.targetKey.length === 0) return upsertKeyless(client, table, target, before);
  const { rows } = await client.query<{ inserted: string; updated: string }>(upsertSql(table, target));
  const [done] = rows;
  const inserted = Number(done?.inserted ?? 0);
  const updated = Number(done?.updated ?? 0);
  const same = table.targetKey.map((name) => `t.${escapeIdentifier(name)} = s.${escapeIdentifier(name)}`).join(" AND ");
  const extra =
    before === 0
      ? 0
      : await countOf(client, `${target} AS t WHERE NOT EXISTS (SELECT FROM ${stageOf(table)} AS s WHERE ${same})`);
  return { before, inserted, updated, extra };
}

function upsertSql(table: TablePlan, target: string): string {
  const columns = targetColumns(table);
  const others = table.columns.map(({ target: name }) => name).filter((name) => !table.targetKey.includes(name));
  const list = (row: string) => others.map((name) => `${row}.${escapeIdentifier(name)}`).join(", ");
  // As texts: 1.0 and 1.00 are equal numbers and different values.
  const update =
    others.length === 0
      ? "DO NOTHING"
      : `DO UPDATE SET ${others.map((name) => `${escapeIdentifier(name)} = EXCLUDED.${escapeIdentifier(name)}`).join(", ")}
         WHERE ROW(${list("t")})::text IS DISTINCT FROM ROW(${list("EXCLUDED")})::text`;
  // xmax is 0 in a row that nobody locked or updated: one that was inserted.
  return `WITH done AS (INSERT INTO ${target} AS t (${columns}) SELECT ${columns} FROM ${stageOf(table)}
      ON CONFLICT (${table.targetKey.map(escapeIdentifier).join(", ")}) ${update} RETURNING (xmax = 0) AS new)
    SELECT count(*) FILTER (WHERE new) AS inserted, count(*) FILTER (WHERE NOT new) AS updated FROM done`;
}

async function upsertKeyless(client: Client, table: TablePlan, target: string, before: number): Promise<Upserted> {
  const columns = targetColumns(table);
  const [stage, there] = [`SELECT ${columns} FROM ${stageOf(table)}`, `SELECT ${columns} FROM ${target}`];
  if (before > 0) {
    const missing = await countOf(client, `(${stage} EXCEPT ALL ${there}) AS missing`);
    return {
      before,
      inserted: 0,
      updated: missing,
      extra: await countOf(client, `(${there} EXCEPT ALL ${stage}) AS extra`),
    };
  }
  const { rowCount } = await client.query(`INSERT INTO ${target} (${columns}) ${stage}`);
  return { before, inserted: rowCount ?? 0, updated: 0, extra: 0 };
}

async function countOf(client: Client, from: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${from}`);
  return Number(rows[0]?.count ?? 0);
}
