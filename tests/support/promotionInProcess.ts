import type { Client } from "pg";
import { makeQuarantine } from "../../promotion/copy/quarantine";
import { copyRange, readingOf } from "../../promotion/copy/range";
import { makeRanges, planRanges } from "../../promotion/copy/ranges";
import { installSourceLog } from "../../promotion/log/sourceLog";
import type { Plan, Run, SourceFile, Target } from "../../promotion/model";
import { replay } from "../../promotion/replay/forward";
import { openSource } from "../../promotion/source/open";
import {
  addForeignKeys,
  finishTarget,
  makeIndexes,
  type Orphans,
  validateForeignKeys,
} from "../../promotion/target/later";
import { prepareTarget } from "../../promotion/target/prepare";
import { setSequences } from "../../promotion/target/sequences";
import { targetOf } from "../../promotion/target/session";
import type { Connection } from "../../schema/connection";

/** A promotion's id, the same for all: its sessions are used again. */
export const ID = "00000000-0000-4000-8000-000000000000";

/** A target whose sessions go back to a pool when they are ended, for many small promotions. */
export interface PooledTarget extends Target {
  close(): Promise<void>;
}

export function pooledTarget(connection: Connection): PooledTarget {
  const target = targetOf(connection, ID);
  const idle: Client[] = [];
  const ends: (() => Promise<void>)[] = [];
  return {
    connection,
    async connect() {
      const known = idle.pop();
      if (known) {
        await known.query("DISCARD TEMP");
        return known;
      }
      const client = await target.connect();
      const end = client.end.bind(client);
      ends.push(() => end());
      client.end = async () => void idle.push(client);
      return client;
    },
    async close() {
      for (const end of ends) await end();
    },
  };
}

/**
 * Everything that a promotion does to the data, in this thread, and without gate and decision. Rows that cannot be carried go into
 * quarantine. `meanwhile` is what the application writes after the copy began, which is followed. Gives the foreign keys that rows break.
 */
export async function promoteInProcess(
  target: Target,
  source: SourceFile,
  plan: Plan,
  meanwhile?: () => void,
): Promise<readonly Orphans[]> {
  const run: Run = { id: ID, source, target, plan, workers: 1, onProgress: () => undefined };
  const client = await target.connect();
  const db = openSource(source, { readonly: meanwhile === undefined });
  try {
    await prepareTarget(client, plan, { workers: 1 });
    if (meanwhile) installSourceLog(db, plan);
    await makeQuarantine(client);
    await makeRanges(client);
    db.exec("BEGIN");
    for (const { table: at, ranges } of await planRanges(client, db, plan)) {
      const table = plan.tables[at];
      if (table === undefined) throw new Error(`a range of table ${at}, which is not in the plan`);
      const reading = readingOf(db, table);
      for (const range of ranges)
        await copyRange(client, reading, range, { quarantine: true, onRows: () => undefined });
    }
    db.exec("ROLLBACK");
    meanwhile?.();
    await makeIndexes(run);
    await finishTarget(client);
    if (meanwhile) await replay(db, client, run, { quarantine: true });
    await client.query("BEGIN");
    await setSequences(client, db, plan);
    await addForeignKeys(client);
    await client.query("COMMIT");
    return await validateForeignKeys(client);
  } finally {
    db.close();
    // The session is used again, also after a failure.
    await client.query("ROLLBACK");
    await client.end();
  }
}
