import type { Database } from "better-sqlite3";
import { type Client, DatabaseError, escapeIdentifier } from "pg";
import { ExitCode, UserError } from "../../settings";
import { makeQuarantine } from "../copy/quarantine";
import type { Plan, Progress, TablePlan, Target } from "../model";
import { targetFailure } from "../target/failures";
import { setSequences } from "../target/sequences";
import { inTransaction } from "../target/transaction";
import { Refusals, type Refused, refusedRows } from "./refusals";
import { setUp } from "./setUp";
import { type Staged, stageTable } from "./stage";
import { type Upserted, upsert } from "./upsert";

export interface BringOptions {
  /** A copy of the source, for writing: the plan's setup runs on it. */
  readonly db: Database;
  readonly target: Target;
  readonly plan: Plan;
  /** Rows that cannot be carried go into the target's quarantine. Otherwise one is enough to refuse the whole. */
  readonly quarantine: boolean;
  /** A target that holds other rows already: `refuse` it, or bring it to what the source has (`upsert`). */
  readonly existing: "refuse" | "upsert";
  /** Throws when the copy is not what the source is any more; asked before the transaction is committed. */
  readonly refuseWritten?: (() => void) | undefined;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface BroughtTable extends Staged, Upserted {
  readonly source: string;
  readonly target: string;
}

export interface Brought {
  readonly tables: readonly BroughtTable[];
  readonly refused: readonly Refused[];
}

/**
 * Brings all rows of a source that nobody writes into the target: one transaction, so that the target has all of it or none. The tables of a
 * catalogue are there already; those of another plan are made in the same transaction.
 * @throws UserError (refused) for rows that cannot be carried, and for a target that holds other rows; (failed) where the target fails.
 */
export async function bring(options: BringOptions): Promise<Brought> {
  const client = await options.target.connect();
  const refusals = new Refusals();
  try {
    const tables = await inTransaction(client, () => bringAll(client, options, refusals));
    return { tables, refused: refusals.list() };
  } catch (error) {
    throw failure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function bringAll(client: Client, options: BringOptions, refusals: Refusals): Promise<BroughtTable[]> {
  const { db, plan, quarantine, existing } = options;
  const makes = plan.catalogue === undefined && !(await isThere(client, plan));
  if (makes) for (const sql of plan.create) await client.query(sql);
  // Nobody else writes until all of it is there.
  for (const { target } of plan.tables)
    await client.query(`LOCK TABLE public.${escapeIdentifier(target)} IN SHARE ROW EXCLUSIVE MODE`);
  await setUp(db, client, plan);
  if (quarantine) await makeQuarantine(client);
  const tables: BroughtTable[] = [];
  const staged = new Map<TablePlan, Staged>();
  for (const table of plan.tables) staged.set(table, await stage(table, client, options, refusals));
  if (!quarantine && refusals.list().length > 0) throw refusedRows(refusals.list());
  for (const [table, counts] of staged) {
    const done = await upsert(client, table);
    tables.push({ source: table.source, target: table.target, ...counts, ...done });
  }
  if (existing === "refuse") refuseOther(tables);
  if (makes) for (const { sql } of [...plan.indexes, ...plan.foreignKeys]) await client.query(sql);
  if (makes) for (const sql of plan.finish) await client.query(sql);
  await setSequences(client, db, plan);
  options.refuseWritten?.();
  return tables;
}

async function isThere(client: Client, plan: Plan): Promise<boolean> {
  const { rows } = await client.query<{ count: string }>(
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($1)",
    [plan.tables.map(({ target }) => target)],
  );
  return Number(rows[0]?.count ?? 0) > 0;
}

async function stage(table: TablePlan, client: Client, options: BringOptions, refusals: Refusals): Promise<Staged> {
  const { db, quarantine, onProgress, signal } = options;
  let done = 0;
  const onRows = (rows: number) => {
    done += rows;
    if (done % 10_000 === 0) onProgress({ phase: "copy", table: table.source, done, unit: "rows" });
  };
  return stageTable(table, { db, client, refusals, quarantine, onRows, signal });
}

/** A first run fills empty tables, and one that is repeated finds its own rows; everything else is somebody's work. */
function refuseOther(tables: readonly BroughtTable[]): void {
  const other = tables.filter(({ before, inserted, updated, extra }) => before > 0 && inserted + updated + extra > 0);
  if (other.length === 0) return;
  const lines = other.map(
    ({ target, before, inserted, updated, extra }) =>
      `  ${target}: ${before} rows are there; ${inserted} are missing, ${updated} are different, ${extra} are not in the source`,
  );
  throw new UserError(
    `The target holds other rows than the source; nothing was changed:\n${lines.join("\n")}\nName an empty database.`,
    ExitCode.refused,
  );
}

/** The server's message without its detail, which shows values. */
function failure(error: unknown): unknown {
  if (error instanceof DatabaseError && /^(22|23|42P07|0A)/.test(error.code ?? ""))
    return new UserError(
      `The target did not take the rows${error.table === undefined ? "" : ` of ${error.table}`}: ${error.message.split("\n")[0]}. Nothing was written.`,
      ExitCode.failed,
    );
  return targetFailure(error, "the rows were brought over");
}
