import type { Database } from "better-sqlite3";
import { sourceTable } from "../copy/row";
import type { TablePlan } from "../model";
import { rangeColumn, rowidOf } from "./rowid";
import type { Span } from "./span";

/** Rows of a span: what is read again when one row of it differs. */
const SPAN_ROWS = 50_000;

/** Divides a table into spans along its rowid, the first and the last without an end, and counts its rows; without ranges it is one span. */
export function divide(db: Database, table: TablePlan): { readonly spans: Span[]; readonly rows: number } {
  const rowid = rangeColumn(table) === undefined ? undefined : rowidOf(db, table);
  if (rowid === undefined) {
    const rows =
      db
        .prepare<[], number>(`SELECT count(*) FROM ${sourceTable(table)}`)
        .pluck()
        .get() ?? 0;
    return { spans: [{}], rows };
  }
  const next = (where: string) =>
    db
      .prepare<unknown[], bigint>(
        `SELECT s.${rowid} FROM ${sourceTable(table)} ${where} ORDER BY s.${rowid} LIMIT 1 OFFSET ${SPAN_ROWS - 1}`,
      )
      .pluck()
      .safeIntegers();
  const spans: Span[] = [];
  const further = next(`WHERE s.${rowid} > ?`);
  let after: bigint | undefined;
  for (let end = next("").get(); end !== undefined; end = further.get(end)) {
    spans.push({ ...(after === undefined ? {} : { after }), upTo: end });
    after = end;
  }
  const where = after === undefined ? "" : `WHERE s.${rowid} > ${after}`;
  const rest =
    db
      .prepare<[], number>(`SELECT count(*) FROM ${sourceTable(table)} ${where}`)
      .pluck()
      .get() ?? 0;
  const rows = spans.length * SPAN_ROWS + rest;
  spans.push(after === undefined ? {} : { after });
  return { spans, rows };
}
