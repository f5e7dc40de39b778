import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import type { Run } from "../model";
import { raiseSequences, withoutTriggers } from "./backAround";
import { changedTables, type NotCarried, notCarried } from "./backChanges";
import { keepOldRows, oldRows } from "./backOld";
import { backTable } from "./backPlan";
import { writeRows } from "./backRows";

export interface ReplayedBack {
  /** Changed keys of tables that SQLite has. */
  readonly keys: number;
  /** Rows that were written to SQLite, and rows that were there before with one of the keys. */
  readonly written: number;
  readonly replaced: number;
  /** What SQLite has no place for: it stays in PostgreSQL. */
  readonly notCarried: readonly NotCarried[];
}

/**
 * Applies to SQLite what others than ladder wrote into PostgreSQL since its gate was opened, in the caller's transaction of `db`, whose gate
 * is open. PostgreSQL's gate must be closed: nobody writes there, and all changes are seen. Columns and values that PostgreSQL does not know,
 * or did not change, stay as they are stored.
 * @throws UserError when SQLite refuses a row.
 */
export async function replayBack(db: Database, client: Client, run: Run): Promise<ReplayedBack> {
  if (!db.inTransaction) throw new Error("replayBack works in a transaction of its caller");
  const changes = await changedTables(client);
  const tables = run.plan.tables.flatMap((plan, no) => {
    const changed = changes.get(plan.target);
    return changed === undefined ? [] : [{ table: backTable(db, plan, no), changed }];
  });
  let written = 0;
  let replaced = 0;
  await withoutTriggers(
    db,
    tables.map(({ table }) => table.plan),
    async () => {
      // All are found before one goes, for a mapping finds keys by other tables' rows; and all go before one comes back, for they may have
      // changed places.
      const old = tables.map(({ table, changed }) => keepOldRows(db, table, changed));
      for (const { remove } of old) remove();
      replaced = old.reduce((sum, { rows }) => sum + rows, 0);
      for (const { table, changed } of tables) {
        run.signal?.throwIfAborted();
        written += await writeRows(db, client, table, changed);
        db.exec(`DROP TABLE ${oldRows(table)}`);
        run.onProgress({ phase: "replay back", table: table.plan.source, done: written, unit: "rows" });
      }
    },
  );
  await raiseSequences(db, client, run.plan);
  return {
    keys: tables.reduce((sum, { changed }) => sum + changed.keys.length, 0),
    written,
    replaced,
    notCarried: await notCarried(client, run.plan, changes),
  };
}
