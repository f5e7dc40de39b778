import type { Database } from "better-sqlite3";
import type { TablePlan } from "../model";
import { joinTerms } from "./chunk";
import { readRow, type SourceRow, selectRow, sourceTable } from "./row";

/** A row from this size on is read and sent in pieces, so that it is never in memory several times. */
const HUGE_BYTES = 8 * 1024 * 1024;

/** A row for JavaScript to encode, or the rowid of one that is sent in pieces. */
export type ReadRow = { readonly row: SourceRow } | { readonly huge: bigint };

/** Reads rows one by one, the statements made once for a table. */
export interface RowReader {
  /** Rows from rowid `from` to `to`; huge ones last. Nothing else may be asked of the database meanwhile. */
  rows(from: bigint, to: bigint): Generator<ReadRow>;
}

/** A reader of a table. Without `rowid`, a range is the whole table, and no row is sent in pieces. */
export function rowReader(db: Database, table: TablePlan, rowid: string | undefined): RowReader {
  if (rowid === undefined) {
    const all = db.prepare<[], unknown[]>(selectRow(table)).raw().safeIntegers();
    return {
      *rows() {
        for (const raw of all.iterate()) yield { row: readRow(table, raw) };
      },
    };
  }
  const size = joinTerms(
    table.columns.map(({ select }) => `ifnull(octet_length(${select}), 0)`),
    " + ",
  );
  const within = `WHERE s.${rowid} >= ? AND s.${rowid} <= ?`;
  const small = db
    .prepare<[bigint, bigint], unknown[]>(
      `${selectRow(table)} ${within} AND ${size} < ${HUGE_BYTES} ORDER BY s.${rowid}`,
    )
    .raw()
    .safeIntegers();
  const huge = db
    .prepare<[bigint, bigint], bigint>(
      `SELECT s.${rowid} FROM ${sourceTable(table)} ${within} AND ${size} >= ${HUGE_BYTES}`,
    )
    .pluck()
    .safeIntegers();
  return {
    *rows(from, to) {
      for (const raw of small.iterate(from, to)) yield { row: readRow(table, raw) };
      for (const found of huge.all(from, to)) yield { huge: found };
    },
  };
}
