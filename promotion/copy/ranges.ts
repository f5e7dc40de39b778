import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import { quoteName } from "../../local/sqlite/shape";
import type { Plan, TablePlan } from "../model";
import { NOTES } from "../target/session";
import { inTransaction } from "../target/transaction";
import { emptyQuarantine } from "./quarantine";
import { sourceTable } from "./row";

/** A part of a table: rowids from `from` to `to`, both of them in it. A table whose rows have no number is one range. */
export interface Range {
  readonly no: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** What is still to be copied of a table. */
export interface TableWork {
  /** Place in `plan.tables`. */
  readonly table: number;
  /** Rows of the source when the ranges were made. */
  readonly rows: number;
  readonly ranges: readonly Range[];
}

/** Rows of a range: one transaction of the target, and what is lost at most when a copy is killed. */
const RANGE_ROWS = 100_000;
const FIRST = -(2n ** 63n);
const LAST = 2n ** 63n - 1n;

/** A table as one range. */
export const WHOLE: Range = { no: 0, from: FIRST, to: LAST };

const MAKE = `
CREATE SCHEMA IF NOT EXISTS ${NOTES};
CREATE TABLE IF NOT EXISTS ${NOTES}.ranges (
  tbl text NOT NULL,
  no int NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  done boolean NOT NULL DEFAULT false,
  rows bigint NOT NULL DEFAULT 0,
  source_rows bigint NOT NULL,
  PRIMARY KEY (tbl, no)
)`;

/** Makes the table `ladder_promotion.ranges` where it is not there yet. */
export async function makeRanges(client: Client): Promise<void> {
  await client.query(MAKE);
}

interface Noted {
  tbl: string;
  no: number;
  first: string;
  last: string;
  done: boolean;
  source_rows: string;
}

/** Whether a range of any table is still to be copied. */
export async function isCopied(client: Client, plan: Plan): Promise<boolean> {
  const noted = await notedRanges(client);
  return plan.tables.every(({ target }) => noted.get(target)?.every(({ done }) => done) === true);
}

async function notedRanges(client: Client): Promise<Map<string, Noted[]>> {
  const { rows } = await client.query<Noted>(
    `SELECT tbl, no, first, last, done, source_rows FROM ${NOTES}.ranges ORDER BY tbl, no`,
  );
  const tables = new Map<string, Noted[]>();
  for (const row of rows) tables.set(row.tbl, [...(tables.get(row.tbl) ?? []), row]);
  return tables;
}

/**
 * What is still to be copied, the largest tables first. A table that was begun in an earlier run goes on where its rows have a declared
 * number, and no other uniqueness that rows of two snapshots could break; other ones begin again. `db` is in the snapshot.
 */
export async function planRanges(client: Client, db: Database, plan: Plan): Promise<TableWork[]> {
  const noted = await notedRanges(client);
  const unique = await uniqueTables(client);
  const works: TableWork[] = [];
  for (const [table, tablePlan] of plan.tables.entries()) {
    const known = noted.get(tablePlan.target);
    const left = known?.filter(({ done }) => !done) ?? [];
    if (known !== undefined && left.length === 0) continue;
    const goesOn = tablePlan.rowid !== undefined && tablePlan.uniques.length === 0 && !unique.has(tablePlan.target);
    if (known !== undefined && (goesOn || left.length === known.length)) {
      const ranges = left.map(({ no, first, last }) => ({ no, from: BigInt(first), to: BigInt(last) }));
      works.push({ table, rows: Number(known[0]?.source_rows ?? 0), ranges });
    } else works.push({ table, ...(await beginTable(client, db, tablePlan)) });
  }
  return works.sort((a, b) => b.rows - a.rows);
}

/** Tables of the target that hold rows unique by more than their key. */
async function uniqueTables(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT c.relname AS name FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid
     WHERE c.relnamespace = 'public'::regnamespace AND (x.indisunique OR x.indisexclusion) AND NOT x.indisprimary`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** Empties a table in the target and notes its ranges, in one transaction. */
async function beginTable(client: Client, db: Database, table: TablePlan): Promise<Omit<TableWork, "table">> {
  const { rows, ranges } = rangesOf(db, table);
  await inTransaction(client, async () => {
    await client.query(`TRUNCATE public.${escapeIdentifier(table.target)}`);
    await emptyQuarantine(client, table);
    await client.query(`DELETE FROM ${NOTES}.ranges WHERE tbl = $1`, [table.target]);
    await client.query(
      `INSERT INTO ${NOTES}.ranges (tbl, no, first, last, source_rows)
       SELECT $1, r.no, r.first, r.last, $2 FROM unnest($3::int[], $4::bigint[], $5::bigint[]) AS r (no, first, last)`,
      [table.target, rows, ranges.map(({ no }) => no), ranges.map(({ from }) => from), ranges.map(({ to }) => to)],
    );
  });
  return { rows, ranges };
}

/** The name by which a row's number is read: undefined where rows have none, or where columns have taken all its names. */
export function rowidName(db: Database, table: TablePlan): string | undefined {
  if (table.rowid !== undefined) return quoteName(table.rowid);
  const without = db
    .prepare<[string], number>("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?")
    .pluck()
    .get(table.source);
  const columns = db
    .prepare<[string], string>("SELECT lower(name) FROM pragma_table_xinfo(?)")
    .pluck()
    .all(table.source);
  return without === 1 ? undefined : ["rowid", "_rowid_", "oid"].find((name) => !columns.includes(name));
}

function rangesOf(db: Database, table: TablePlan): { rows: number; ranges: Range[] } {
  const from = `FROM ${sourceTable(table)}`;
  const rows = db.prepare<[], number>(`SELECT count(*) ${from}`).pluck().get() ?? 0;
  const rowid = rowidName(db, table);
  const starts = rowid === undefined || rows <= RANGE_ROWS ? [] : startsOf(db, `s.${rowid}`, from, rows);
  const bounds = [FIRST, ...starts];
  return { rows, ranges: bounds.map((start, no) => ({ no, from: start, to: (bounds[no + 1] ?? LAST + 1n) - 1n })) };
}

/** Where the ranges after the first begin. Numbers without great gaps are cut into equal parts; otherwise the rows are counted off. */
function startsOf(db: Database, rowid: string, from: string, rows: number): bigint[] {
  const [least, most] = db
    .prepare<[], [bigint, bigint]>(`SELECT min(${rowid}), max(${rowid}) ${from}`)
    .raw()
    .safeIntegers()
    .get() ?? [0n, 0n];
  const parts = Math.ceil(rows / RANGE_ROWS);
  const span = most - least + 1n;
  if (span <= 4n * BigInt(rows))
    return Array.from({ length: parts - 1 }, (_, part) => least + (span * BigInt(part + 1)) / BigInt(parts));
  const next = db
    .prepare<[bigint], bigint>(
      `SELECT ${rowid} ${from} WHERE ${rowid} > ? ORDER BY ${rowid} LIMIT 1 OFFSET ${RANGE_ROWS - 1}`,
    )
    .pluck()
    .safeIntegers();
  const starts: bigint[] = [];
  for (let start = next.get(least); start !== undefined; start = next.get(start)) starts.push(start);
  return starts;
}

/** Notes that a range was copied, in the transaction that copied it. */
export async function noteRange(client: Client, table: TablePlan, range: Range, rows: number): Promise<void> {
  await client.query(`UPDATE ${NOTES}.ranges SET done = true, rows = $3 WHERE tbl = $1 AND no = $2`, [
    table.target,
    range.no,
    rows,
  ]);
}

/** Rows copied of each table in this run and earlier ones. */
export async function copiedRows(client: Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ tbl: string; rows: string }>(
    `SELECT tbl, sum(rows)::text AS rows FROM ${NOTES}.ranges GROUP BY tbl`,
  );
  return new Map(rows.map(({ tbl, rows: count }) => [tbl, Number(count)]));
}
