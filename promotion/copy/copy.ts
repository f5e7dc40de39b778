import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import type { Run } from "../model";
import { openSource } from "../source/open";
import { targetFailure } from "../target/failures";
import type { ToldRefusal } from "./messages";
import { makeQuarantine, quarantineCounts } from "./quarantine";
import { TOLD } from "./range";
import { copiedRows, isCopied, makeRanges, planRanges, type Range, type TableWork } from "./ranges";
import { refusedRows } from "./refused";
import { inOneSnapshot } from "./snapshot";
import { type CopyThread, startThread } from "./thread";

export interface CopyResult {
  /** In the order of the plan, by their name in the target; with what earlier runs copied. */
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly quarantined: number }[];
  /** Of all tables. */
  readonly rows: number;
  readonly quarantined: number;
  /** Of this run. */
  readonly seconds: number;
}

/**
 * Copies all rows of one snapshot of the source, in threads, while the application writes on. What is copied is noted range by range, so that a
 * run that was killed goes on; nothing is done where all is copied.
 * @throws UserError for rows that cannot be carried, unless `quarantine` keeps them aside, and for what fails on either side.
 */
export async function copyAll(run: Run, { quarantine }: { readonly quarantine: boolean }): Promise<CopyResult> {
  const started = performance.now();
  const client = await run.target.connect();
  try {
    await makeQuarantine(client);
    await makeRanges(client);
    if (!(await isCopied(client, run.plan))) await copyRest(run, client, quarantine);
    return await resultOf(run, client, started);
  } catch (error) {
    throw targetFailure(error, "rows were copied");
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function copyRest(run: Run, client: Client, quarantine: boolean): Promise<void> {
  refuseAborted(run);
  const progress = new Tally(run);
  const { id, source, plan } = run;
  const job = { id, source, connection: run.target.connection, tables: plan.tables, quarantine };
  const threads = Array.from({ length: Math.max(1, run.workers) }, () =>
    startThread(job, (table, rows) => progress.add(table, rows)),
  );
  const stop = (): void => {
    for (const thread of threads) thread.stop();
  };
  run.signal?.addEventListener("abort", stop, { once: true });
  const db = openSource(source, { readonly: true });
  try {
    await pinAll(run, db, threads);
    const queue = new Queue(await planRanges(client, db, plan), quarantine);
    // From here on the threads alone read: one snapshot less that is kept from being checkpointed.
    db.exec("ROLLBACK");
    progress.begin(queue.rows);
    await Promise.all(threads.map((thread) => work(thread, queue)));
    for (const thread of threads) thread.order({ type: "end" });
    queue.refuse(run);
  } catch (error) {
    stop();
    refuseAborted(run);
    throw error;
  } finally {
    run.signal?.removeEventListener("abort", stop);
    db.close();
    await Promise.all(threads.map(({ ended }) => ended));
  }
}

function refuseAborted({ signal }: Run): void {
  if (signal?.aborted)
    throw new UserError(
      "Interrupted while rows were copied. SQLite serves on. Run the same command again: it goes on from there.",
      ExitCode.interrupted,
    );
}

async function pinAll({ source }: Run, db: Database, threads: readonly CopyThread[]): Promise<void> {
  await Promise.all(threads.map((thread) => thread.next("ready")));
  await inOneSnapshot(source, async () => {
    db.exec("BEGIN");
    db.prepare("SELECT count(*) FROM main.sqlite_schema").get();
    for (const thread of threads) thread.order({ type: "pin" });
    await Promise.all(threads.map((thread) => thread.next("pinned")));
  });
}

async function work(thread: CopyThread, queue: Queue): Promise<void> {
  for (let next = queue.next(); next !== undefined; next = queue.next()) {
    thread.order({ type: "copy", ...next });
    const { table, refused, examples } = await thread.next("copied");
    if (!queue.quarantine) queue.copied(table, refused, examples);
  }
}

/** Ranges that are still to be copied, and the rows that could not be. */
class Queue {
  readonly rows: number;
  private readonly ranges: { readonly table: number; readonly range: Range }[];
  private readonly refused = new Map<number, { rows: number; examples: ToldRefusal[] }>();

  constructor(
    works: readonly TableWork[],
    readonly quarantine: boolean,
  ) {
    this.rows = works.reduce((sum, { rows }) => sum + rows, 0);
    this.ranges = works.flatMap(({ table, ranges }) => ranges.map((range) => ({ table, range })));
  }

  /** A table of which enough refused rows are known is not looked at any further. */
  next(): { readonly table: number; readonly range: Range } | undefined {
    for (let next = this.ranges.shift(); next !== undefined; next = this.ranges.shift())
      if ((this.refused.get(next.table)?.rows ?? 0) < TOLD) return next;
    return undefined;
  }

  copied(table: number, refused: number, examples: readonly ToldRefusal[]): void {
    if (refused === 0) return;
    const known = this.refused.get(table) ?? { rows: 0, examples: [] };
    known.rows += refused;
    known.examples.push(...examples);
    this.refused.set(table, known);
  }

  refuse({ plan }: Run): void {
    const tables = [...this.refused].map(([table, found]) => ({ table: plan.tables[table]?.target ?? "", ...found }));
    if (tables.length > 0) throw refusedRows(tables);
  }
}

/** Counts what is sent, and tells it a few times a second. */
class Tally {
  private done = 0;
  private total: number | undefined;
  private toldAt = 0;

  constructor(private readonly run: Run) {}

  begin(total: number): void {
    this.total = total;
  }

  add(table: number, rows: number): void {
    this.done += rows;
    if (performance.now() - this.toldAt < 100) return;
    this.toldAt = performance.now();
    const target = this.run.plan.tables[table]?.target;
    this.run.onProgress({
      phase: "copy",
      ...(target === undefined ? {} : { table: target }),
      done: this.done,
      ...(this.total === undefined ? {} : { total: this.total }),
      unit: "rows",
    });
  }
}

async function resultOf({ plan }: Run, client: Client, started: number): Promise<CopyResult> {
  const rows = await copiedRows(client);
  const refused = await quarantineCounts(client);
  const tables = plan.tables.map(({ target }) => ({
    table: target,
    rows: rows.get(target) ?? 0,
    quarantined: refused.get(target) ?? 0,
  }));
  return {
    tables,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    quarantined: tables.reduce((sum, table) => sum + table.quarantined, 0),
    seconds: (performance.now() - started) / 1000,
  };
}
