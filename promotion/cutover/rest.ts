import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { dirtyCounts, keysSince, sourceMark } from "../log/sourceLog";
import type { Plan, Run, SqliteValue, TablePlan } from "../model";
import { catchUp } from "../replay/forward";
import type { Difference } from "../verify/difference";
import { compareKeys } from "../verify/keys";

/** Up to where everything was compared: an entry of the source's log, and how often each table without a key had been written. */
export interface Compared {
  readonly mark: bigint;
  readonly dirty: ReadonlyMap<string, bigint>;
}

/** Where the source is now. Read before a comparison begins. */
export const comparedNow = (db: Database): Compared => ({ mark: sourceMark(db), dirty: dirtyCounts(db) });

/** What is still to be compared: all that changed since, and the keys that differed when they were looked at. */
export interface Rest {
  readonly compared: Compared;
  readonly differing: ReadonlyMap<string, readonly SqliteValue[][]>;
}

/** The keys of a table that the rest is made of. */
function keysOfRest(db: Database, table: TablePlan, rest: Rest): SqliteValue[][] {
  return [...(rest.differing.get(table.source) ?? []), ...keysSince(db, table, rest.compared.mark)];
}

/** Compares the rest: how many keys it had, and the tables with rows that differ. */
export async function compareRest(
  { plan, signal }: Run,
  db: Database,
  client: Client,
  rest: Rest,
): Promise<{ compared: number; differing: { table: TablePlan; differences: Difference[] }[] }> {
  const differing: { table: TablePlan; differences: Difference[] }[] = [];
  let compared = 0;
  for (const table of plan.tables) {
    signal?.throwIfAborted();
    const keys = keysOfRest(db, table, rest);
    compared += keys.length;
    const differences = await compareKeys(db, client, table, keys);
    if (differences.length > 0) differing.push({ table, differences });
  }
  return { compared, differing };
}

/** The tables without a key that were written since. */
export function unkeyedRest(db: Database, { tables }: Plan, { compared }: Rest): TablePlan[] {
  const now = dirtyCounts(db);
  return tables.filter(
    ({ sourceKey, target }) => sourceKey.length === 0 && now.get(target) !== compared.dirty.get(target),
  );
}

/** So few keys are compared in a moment; a rest that does not become smaller is no reason to go on forever. */
const SMALL = 2_000;
const ROUNDS = 10;

/**
 * Follows the source and compares what changed, until what is left to compare under the freeze is small. A row that changes while it is
 * looked at differs, and is looked at again.
 */
export async function comparedUpTo(
  run: Run,
  db: Database,
  client: Client,
  { from, quarantine }: { readonly from: Compared; readonly quarantine: boolean },
): Promise<Rest> {
  let rest: Rest = { compared: from, differing: new Map() };
  for (let round = 0; round < ROUNDS; round++) {
    await catchUp(run, { quarantine });
    const mark = sourceMark(db);
    const { compared, differing } = await compareRest(run, db, client, rest);
    const keys = differing.map(
      ({ table, differences }) => [table.source, differences.map(({ key }) => [...key])] as const,
    );
    rest = { compared: { mark, dirty: from.dirty }, differing: new Map(keys) };
    if (compared <= SMALL) break;
  }
  return rest;
}
