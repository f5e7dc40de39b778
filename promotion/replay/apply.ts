import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { putInQuarantine, type QuarantinedRow, takeFromQuarantine } from "../copy/quarantine";
import { refusesRow, serverRefusal } from "../copy/refusal";
import { encodeRow, type SourceRow } from "../copy/row";
import type { Plan, TablePlan } from "../model";
import { deleteDisplaced, sameRow, type TargetUnique } from "./displaced";
import { type LoggedKey, loggedKeys, type Part, rowReader } from "./logged";
import { copyRows, list, makeStage, type Stage } from "./stage";

/** One pass over the log. */
export interface Pass {
  readonly db: Database;
  readonly client: Client;
  readonly plan: Plan;
  readonly uniques: ReadonlyMap<string, readonly TargetUnique[]>;
  /** Target keys of rows that were in the way of others, by table. */
  readonly displaced: Map<TablePlan, string[][]>;
  keys: number;
  rows: number;
}

/** A row that cannot be carried. */
export interface RefusedRow {
  readonly table: TablePlan;
  readonly row: QuarantinedRow;
}

/**
 * Brings the rows of one table that a part of the log names into the target as they are now, in the caller's transaction. Gives those that
 * cannot be carried, which are in quarantine then. `oneByOne`: for a part that the server refused, to find the rows it refuses.
 */
export async function applyTable(pass: Pass, no: number, part: Part, oneByOne: boolean): Promise<RefusedRow[]> {
  const { db, client, plan } = pass;
  const table = plan.tables[no];
  if (table === undefined) throw new Error(`the log has a table ${no}, and the plan has none`);
  const keys = loggedKeys(db, table, part);
  const stage = await makeStage(client, table, no);
  const gone = keys.flatMap(({ target }) => (target === undefined ? [] : [target]));
  await copyRows(client, stage.keys, table.targetKey, gone);
  await client.query(`DELETE FROM ${stage.table} AS t USING ${stage.keys} AS k WHERE ${sameRow(table, "t", "k")}`);
  const refused: QuarantinedRow[] = [];
  const read = rowReader(db, table);
  if (oneByOne) for (const key of keys) refused.push(...(await applyOne(pass, table, stage, read(key))));
  else refused.push(...(await insertRows(pass, table, stage, rowsOf(keys, read))));
  await takeFromQuarantine(
    client,
    table,
    keys.map(({ source }) => source),
  );
  await putInQuarantine(client, table, refused);
  pass.keys += keys.length;
  return refused.map((row) => ({ table, row }));
}

function* rowsOf(keys: readonly LoggedKey[], read: (key: LoggedKey) => SourceRow[]): Generator<SourceRow> {
  for (const key of keys) yield* read(key);
}

async function insertRows(
  pass: Pass,
  table: TablePlan,
  stage: Stage,
  rows: Iterable<SourceRow>,
): Promise<QuarantinedRow[]> {
  const { client } = pass;
  const refused: QuarantinedRow[] = [];
  const columns = table.columns.map(({ target }) => target);
  let staged = 0;
  function* fields() {
    for (const row of rows) {
      const encoded = encodeRow(table, row);
      if ("refusals" in encoded) refused.push({ ...row, refusals: encoded.refusals });
      else {
        staged++;
        yield encoded.fields;
      }
    }
  }
  await copyRows(client, stage.rows, columns, fields());
  if (staged === 0) return refused;
  for (const unique of pass.uniques.get(table.target) ?? []) {
    const displaced = await deleteDisplaced(client, table, stage, unique);
    if (displaced.length > 0) pass.displaced.set(table, [...(pass.displaced.get(table) ?? []), ...displaced]);
  }
  await client.query(`INSERT INTO ${stage.table} (${list(columns)}) SELECT ${list(columns)} FROM ${stage.rows}`);
  pass.rows += staged;
  return refused;
}

/** A single key's rows, which the server may refuse. */
async function applyOne(
  pass: Pass,
  table: TablePlan,
  stage: Stage,
  rows: readonly SourceRow[],
): Promise<QuarantinedRow[]> {
  const { client } = pass;
  await client.query("SAVEPOINT one");
  try {
    const refused = await insertRows(pass, table, stage, rows);
    await client.query(`RELEASE SAVEPOINT one; DELETE FROM ${stage.rows}`);
    return refused;
  } catch (error) {
    if (!refusesRow(error)) throw error;
    await client.query("ROLLBACK TO SAVEPOINT one");
    const refusals = [serverRefusal(error)];
    return rows.map((row) => ({ ...row, refusals }));
  }
}
