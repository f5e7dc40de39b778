import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { quarantinedKeys } from "../copy/quarantine";
import { encodeRow, type SourceRow } from "../copy/row";
import type { TablePlan } from "../model";
import { Checksum } from "./checksum";
import { type Suspect, shownKey } from "./difference";
import { isKept } from "./kept";
import { narrow } from "./narrow";
import { targetHash } from "./rowText";
import { SourceRows } from "./sourceRows";
import type { Span } from "./span";
import { spanWhere, targetTable } from "./targetRows";

/** What comparing a part of a table found. */
export interface UnitResult {
  /** Rows in quarantine left out. */
  readonly source: { readonly rows: number; readonly sum: bigint };
  readonly target: { readonly rows: number; readonly sum: bigint };
  /** Rows of the source that are in quarantine. */
  readonly quarantined: number;
  /** Rows that differ: for good, or because they are written while they are compared. */
  readonly suspects: readonly Suspect[];
  /** More rows differ than `suspects` has. */
  readonly more: boolean;
}

/** So many rows that differ are looked for in one part of a table. */
const MOST = 10_000;

/**
 * Compares the rows of a table, or of a span of it where `rangeColumn` has one, by count and checksum; where those differ, finds the
 * rows. Both sides are only read. `onRows` gets how many rows of the source were read since the last time.
 */
export async function compareUnit(
  db: Database,
  client: Client,
  table: TablePlan,
  span: Span = {},
  onRows: (rows: number) => void = () => undefined,
): Promise<UnitResult> {
  const quarantine = new Set(await quarantinedKeys(client, table));
  // The rows are read several times when they differ: of one snapshot on each side, the caller's where he has a transaction open.
  const own = !db.inTransaction;
  if (own) db.exec("BEGIN");
  try {
    return await compareRows(new SourceRows(db, table), client, table, span, quarantine, onRows);
  } finally {
    if (own) db.exec("COMMIT");
  }
}

async function compareRows(
  rows: SourceRows,
  client: Client,
  table: TablePlan,
  span: Span,
  quarantine: ReadonlySet<string>,
  onRows: (rows: number) => void,
): Promise<UnitResult> {
  // The server works while SQLite is read, which holds this thread.
  const asked = client.query<{ rows: string; sum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(${targetHash(table)}), 0) AS sum FROM ${targetTable(table)} ${spanWhere(table, span)}`,
  );
  asked.catch(() => undefined);
  const checksum = new Checksum();
  const refused: Suspect[] = [];
  let quarantined = 0;
  rows.hashes(span, {
    onHash: (high, low) => checksum.add(high, low),
    onRefused: (row) => {
      if (isKept(table, row, quarantine)) quarantined++;
      else if (refused.length <= MOST) refused.push(suspectOf(table, row));
    },
    onRows,
  });
  const found = (await asked).rows[0];
  const source = { rows: checksum.rows, sum: checksum.sum };
  const target = { rows: Number(found?.rows), sum: BigInt(found?.sum ?? 0) };
  if (source.rows === target.rows && source.sum === target.sum)
    return { source, target, quarantined, suspects: refused, more: refused.length > MOST };
  const narrowed = await narrow(rows, client, table, span, {
    rows: Math.max(source.rows, target.rows),
    most: MOST,
    quarantine,
  });
  const { kept, suspects, more } = narrowed;
  return {
    source: { rows: source.rows - kept.rows, sum: source.sum - kept.sum },
    target,
    quarantined: quarantined + kept.rows,
    suspects: [...refused, ...suspects],
    more: more || refused.length > MOST,
  };
}

/** A row that cannot be carried, and is not in quarantine. */
function suspectOf(table: TablePlan, row: SourceRow): Suspect {
  const encoded = encodeRow({ ...table, checks: [] }, { ...row, failed: [] });
  const texts = "fields" in encoded ? encoded.fields : [];
  const key = table.targetKey.map((name) => texts[table.columns.findIndex(({ target }) => target === name)] ?? null);
  return { key: row.key, shown: shownKey(table, key) };
}
