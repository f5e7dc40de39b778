import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import type { Plan, TablePlan } from "../model";
import { targetTable } from "./targetRows";

/** Where the numbers of an identity column go on. Decimal texts. */
export interface SequenceCheck {
  readonly table: string;
  readonly column: string;
  /** The last number that the sequence gave out; null when the column has no sequence. */
  readonly last: string | null;
  /** The greatest number that was ever given out, on either side. */
  readonly greatest: string;
  /** Whether the next number is a new one. */
  readonly beyond: boolean;
}

/** Looks at each sequence anew, not at what was set: the next number must be beyond every row and whatever SQLite gave out. */
export async function checkSequences(client: Client, db: Database, { tables }: Plan): Promise<SequenceCheck[]> {
  const checks: SequenceCheck[] = [];
  for (const table of tables)
    if (table.identity !== undefined) checks.push(await checkSequence(client, db, table, table.identity));
  return checks;
}

async function checkSequence(
  client: Client,
  db: Database,
  table: TablePlan,
  { column, beyond }: NonNullable<TablePlan["identity"]>,
): Promise<SequenceCheck> {
  const { rows } = await client.query<{ max: string; sequence: string | null }>(
    `SELECT coalesce(max(t.${escapeIdentifier(column)}), 0)::text AS max, pg_get_serial_sequence($1, $2) AS sequence FROM ${targetTable(table)}`,
    [`public.${escapeIdentifier(table.target)}`, column],
  );
  const { max = "0", sequence = null } = rows[0] ?? {};
  const numbers = [BigInt(max), BigInt(beyond), givenOut(db, table.source)];
  const greatest = numbers.reduce((a, b) => (a > b ? a : b));
  const last = sequence === null ? null : await lastOf(client, sequence);
  return {
    table: table.target,
    column,
    last: last === null ? null : last.toString(),
    greatest: greatest.toString(),
    beyond: last !== null && last >= greatest,
  };
}

async function lastOf(client: Client, sequence: string): Promise<bigint> {
  const { rows } = await client.query<{ last: string }>(
    `SELECT (last_value - CASE WHEN is_called THEN 0 ELSE 1 END)::text AS last FROM ${sequence}`,
  );
  return BigInt(rows[0]?.last ?? 0);
}

function givenOut(db: Database, source: string): bigint {
  const there = db.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'").get() !== undefined;
  if (!there) return 0n;
  const select = db.prepare<[string], bigint | null>(
    "SELECT CAST(max(seq) AS INTEGER) FROM main.sqlite_sequence WHERE name = ?",
  );
  return select.pluck().safeIntegers().get(source) ?? 0n;
}
