import { quarantineKey } from "../copy/quarantine";
import type { SourceRow } from "../copy/row";
import type { TablePlan } from "../model";

/** Whether a row of the source is among the rows in quarantine: `keys` is what `quarantinedKeys` gave. */
export const isKept = (table: TablePlan, row: SourceRow, keys: ReadonlySet<string>): boolean =>
  keys.has(quarantineKey(table.sourceKey.length === 0 ? row.values : row.key));
