import { open } from "node:fs/promises";
import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { makeQuarantine } from "../copy/quarantine";
import { recopyTable } from "../copy/recopy";
import { refusesRow } from "../copy/refusal";
import { toldKey } from "../copy/refused";
import { dirtyCounts, sourceMark } from "../log/sourceLog";
import { LOG } from "../log/sourceTriggers";
import type { Run, TablePlan } from "../model";
import { openSource } from "../source/open";
import { inTransaction } from "../target/transaction";
import { applyTable, type Pass, type RefusedRow } from "./apply";
import { refuseDoubles, targetUniques } from "./displaced";
import { nextPart, type Part } from "./logged";
import { makeMarks, noteMark, noteRecopied, recopiedAt, replayedMark } from "./marks";

/** Entries of the log in one transaction of the target. */
const ENTRIES = 4_000;

export interface ReplayOptions {
  /** Rows that cannot be carried go into quarantine. Default: they are an error. */
  readonly quarantine?: boolean;
  /** Tables without a key that were written are copied again, as a whole. Default: true. */
  readonly keyless?: boolean;
}

export interface Replayed {
  /** The last entry of the log that the target has now. */
  readonly mark: bigint;
  /** Distinct keys that were looked at, and rows that were written for them. */
  readonly keys: number;
  readonly rows: number;
  /** Rows that are in quarantine now, and were looked at. */
  readonly quarantined: number;
  /** Names in the target of the tables without a key that were copied again. */
  readonly recopied: readonly string[];
  /** Without the time that the disk took to sync SQLite's log. */
  readonly milliseconds: number;
}

/**
 * Brings the target to where the source is now: one pass over all that the log holds, in transactions of its own, which note how far they
 * came. Rows are read as they are in one snapshot of `db`: in its transaction, where one is open. A pass that was cut off goes on where it was.
 * @throws UserError when a row cannot be carried, or PostgreSQL holds two rows for doubles that SQLite does not.
 */
export async function replay(db: Database, client: Client, run: Run, options: ReplayOptions = {}): Promise<Replayed> {
  let started = performance.now();
  await makeMarks(client);
  await makeQuarantine(client);
  const own = !db.inTransaction;
  if (own) db.exec("BEGIN");
  try {
    const uniques = await targetUniques(client, run.plan.tables);
    const pass: Pass = { db, client, plan: run.plan, uniques, displaced: new Map(), keys: 0, rows: 0 };
    const from = await replayedMark(client);
    // The first read: from here on the snapshot stands.
    const end = sourceMark(db);
    if (end < from) throw putBack(run.source.path);
    const syncing = performance.now();
    await syncLog(run.source.path);
    // What the disk takes for that, it takes in every pass: it is no lag that another pass would lessen.
    started += performance.now() - syncing;
    let quarantined = 0;
    let mark = from;
    for (let part = nextPart(db, mark, end, ENTRIES); part !== undefined; part = nextPart(db, mark, end, ENTRIES)) {
      run.signal?.throwIfAborted();
      quarantined += await applyPart(pass, part, options.quarantine ?? false);
      mark = part.to;
      run.onProgress({ phase: "replay", done: Number(mark - from), total: Number(end - from), unit: "changes" });
    }
    await refuseDoubles(db, client, pass.displaced);
    const recopied: string[] = [];
    for (const copy of (options.keyless ?? true) ? await dirtyTables(pass) : []) {
      run.signal?.throwIfAborted();
      quarantined += await recopy(pass, copy, options.quarantine ?? false);
      recopied.push(copy.table.target);
    }
    const { keys, rows } = pass;
    return { mark, keys, rows, quarantined, recopied, milliseconds: performance.now() - started };
  } finally {
    if (own && db.inTransaction) db.exec("COMMIT");
  }
}

/**
 * What is noted as carried must outlive a power failure in SQLite, too, which does not sync each commit in WAL mode: otherwise the log's
 * numbers would be given out again.
 */
async function syncLog(path: string): Promise<void> {
  const wal = await open(`${path}-wal`, "r").catch(() => undefined);
  if (wal === undefined) return;
  try {
    await wal.sync();
  } finally {
    await wal.close();
  }
}

const putBack = (path: string): UserError =>
  new UserError(
    `${path} is older than what was carried from it: it was put back from a backup, or lost its last writes. SQLite serves on. Go back with --rollback, and begin again.`,
    ExitCode.refused,
  );

export interface CatchUpOptions extends ReplayOptions {
  /** Less than so many keys in a pass is near enough. Default: 500. */
  readonly lagKeys?: number;
  /** A pass that takes less is near enough. Default: 200. */
  readonly lagMilliseconds?: number;
  /** Default: 20. */
  readonly maxPasses?: number;
}

export interface CaughtUp {
  readonly passes: number;
  /** Of all passes. */
  readonly keys: number;
  readonly rows: number;
  readonly milliseconds: number;
  /** The last pass: how far behind the target is about. */
  readonly last: Replayed;
}

/**
 * Follows the source, on sessions of its own, until the target is so near that what is left takes a moment. Tables without a key are copied
 * again in the first pass only: each copy of a large one would be out of date at once.
 * @throws UserError when the application writes faster than the target follows, and what `replay` throws.
 */
export async function catchUp(run: Run, options: CatchUpOptions = {}): Promise<CaughtUp> {
  const { lagKeys = 500, lagMilliseconds = 200, maxPasses = 20, keyless = true } = options;
  const db = openSource(run.source, { readonly: true });
  const client = await run.target.connect().catch((error: unknown) => {
    db.close();
    throw error;
  });
  const total = { keys: 0, rows: 0, milliseconds: 0 };
  try {
    for (let passes = 1; ; passes++) {
      run.signal?.throwIfAborted();
      const last = await replay(db, client, run, { ...options, keyless: keyless && passes === 1 });
      total.keys += last.keys;
      total.rows += last.rows;
      total.milliseconds += last.milliseconds;
      if (last.keys < lagKeys || last.milliseconds < lagMilliseconds) return { passes, ...total, last };
      if (passes >= maxPasses) throw tooSlow(passes, last);
    }
  } finally {
    db.close();
    await client.end().catch(() => undefined);
  }
}

function tooSlow(passes: number, { keys, milliseconds }: Replayed): UserError {
  return new UserError(
    `The application writes faster than PostgreSQL follows: after ${passes} passes, the last one still had ${keys} changed rows and took ${Math.round(milliseconds / 1000)} s. SQLite serves on, and what was done is kept. Run again at a quieter time, or nearer to the target.`,
    ExitCode.failed,
  );
}

/** One transaction of the target; once more, row by row, when the server refused one. Gives how many rows cannot be carried. */
async function applyPart(pass: Pass, part: Part, quarantine: boolean): Promise<number> {
  const tables = pass.db
    .prepare<[bigint, bigint], number>(`SELECT DISTINCT t FROM ${LOG} WHERE seq > ? AND seq <= ? ORDER BY t`)
    .pluck()
    .all(part.from, part.to);
  const apply = (oneByOne: boolean): Promise<number> =>
    inTransaction(pass.client, async () => {
      // The stage is small, and what it meets may be large: always by the index.
      await pass.client.query("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off");
      const refused: RefusedRow[] = [];
      for (const no of tables) refused.push(...(await applyTable(pass, no, part, oneByOne)));
      if (refused.length > 0 && !quarantine) throw refusedRows(refused);
      await noteMark(pass.client, part.to);
      return refused.length;
    });
  try {
    return await apply(false);
  } catch (error) {
    if (!refusesRow(error)) throw error;
    return await apply(true);
  }
}

function refusedRows(refused: readonly RefusedRow[]): UserError {
  const shown = refused.slice(0, 5).map(({ table, row }) => {
    const reasons = row.refusals.map(({ column, reason }) => `${column} ${reason}`.trim()).join(", ");
    return `${table.source} ${toldKey(row.key)}: ${reasons}`;
  });
  return new UserError(
    `${refused.length} of the rows that the application wrote meanwhile cannot be carried, such as ${shown.join("; ")}. Mend them in SQLite and run again; or go back with --rollback, and begin again with --quarantine, which keeps them aside.`,
    ExitCode.refused,
  );
}

interface Dirty {
  readonly table: TablePlan;
  readonly writes: bigint;
}

async function dirtyTables({ db, client, plan }: Pass): Promise<Dirty[]> {
  const counts = dirtyCounts(db);
  const known = await recopiedAt(client);
  return plan.tables
    .map((table) => ({ table, writes: counts.get(table.target) ?? 0n }))
    .filter(({ table, writes }) => writes !== (known.get(table.target) ?? 0n));
}

/** Gives how many rows cannot be carried. */
function recopy({ db, client }: Pass, { table, writes }: Dirty, quarantine: boolean): Promise<number> {
  return inTransaction(client, async () => {
    const { quarantined } = await recopyTable(db, client, table);
    if (quarantined > 0 && !quarantine)
      throw new UserError(
        `${quarantined} of the rows of ${table.source}, which has no key, cannot be carried. Mend them in SQLite and run again; or go back with --rollback, and begin again with --quarantine, which keeps them aside.`,
        ExitCode.refused,
      );
    await noteRecopied(client, table.target, writes);
    return quarantined;
  });
}
