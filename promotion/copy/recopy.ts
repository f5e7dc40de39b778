import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import type { TablePlan } from "../model";
import { emptyQuarantine } from "./quarantine";
import { carryRows, readingOf } from "./range";
import { WHOLE } from "./ranges";

export interface Recopied {
  readonly rows: number;
  /** Rows that are in quarantine now. */
  readonly quarantined: number;
}

/**
 * Copies a table again as a whole: for tables without a declared key, whose changed rows nobody can name. In the caller's transactions on both
 * sides. Rows that cannot be carried go into quarantine, and it is the caller's to refuse them.
 */
export async function recopyTable(db: Database, client: Client, table: TablePlan): Promise<Recopied> {
  await emptyQuarantine(client, table);
  await client.query(`DELETE FROM public.${escapeIdentifier(table.target)}`);
  const options = { quarantine: true, onRows: () => undefined };
  const { rows, refused } = await carryRows(client, readingOf(db, table), WHOLE, options, true);
  return { rows, quarantined: refused };
}
