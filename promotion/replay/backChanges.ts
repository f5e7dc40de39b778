import type { Client } from "pg";
import type { Plan } from "../model";
import { NOTES } from "../target/session";

/** What the application wrote into one table of PostgreSQL. */
export interface Changed {
  readonly table: string;
  /** Texts of the keys; more than those when `whole`. */
  readonly keys: readonly (readonly string[])[];
  /** All rows count as changed: TRUNCATE, or a table without a key. */
  readonly whole: boolean;
}

/** Rows of PostgreSQL that SQLite has no place for. */
export interface NotCarried {
  readonly table: string;
  readonly rows: number;
  readonly why: string;
}

/** All changed tables, by name. */
export async function changedTables(client: Client): Promise<Map<string, Changed>> {
  const { rows } = await client.query<{ tbl: string; key: string[] | null }>(
    `SELECT DISTINCT tbl, key FROM ${NOTES}.changes`,
  );
  const tables = new Map<string, { table: string; keys: string[][]; whole: boolean }>();
  for (const { tbl, key } of rows) {
    const changed = tables.get(tbl) ?? { table: tbl, keys: [], whole: false };
    if (key === null) changed.whole = true;
    else changed.keys.push(key);
    tables.set(tbl, changed);
  }
  return tables;
}

/** What of the changes stays behind, with how many rows. */
export async function notCarried(
  client: Client,
  plan: Plan,
  changes: ReadonlyMap<string, Changed>,
): Promise<NotCarried[]> {
  const planned = new Set(plan.tables.map(({ target }) => target));
  const told = new Map((plan.notCarried ?? []).map(({ table, why }) => [table, why]));
  const result: NotCarried[] = [];
  for (const { table, keys, whole } of changes.values()) {
    const why = told.get(table) ?? (planned.has(table) ? undefined : "SQLite has no such table");
    if (why === undefined) continue;
    const rows = whole ? await count(client, table) : keys.length;
    if (rows > 0) result.push({ table, rows, why });
  }
  return result.sort((one, other) => (one.table < other.table ? -1 : 1));
}

async function count(client: Client, table: string): Promise<number> {
  // A table that was dropped has left its entries.
  const known = await client.query<{ oid: string | null }>(
    "SELECT to_regclass('public.' || quote_ident($1))::text AS oid",
    [table],
  );
  const name = known.rows[0]?.oid;
  if (name === null || name === undefined) return 0;
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${name}`);
  return Number(rows[0]?.count ?? 0);
}
