import type { CodecSpec, ColumnProfile, SourceColumn, SourceTable, TableProfile } from "../model";
import { folded } from "../source/createTable";
import type { Scope, Typed } from "./expression/typed";

/** A column of the source with its place in the target. */
export interface PlannedColumn {
  readonly source: SourceColumn;
  /** Name in PostgreSQL. */
  readonly target: string;
  readonly codec: CodecSpec;
  readonly profile?: ColumnProfile | undefined;
  readonly typed: Typed;
  /** SQL by which PostgreSQL computes it. Undefined: it holds values. */
  readonly generated?: string;
}

export interface PlannedTable {
  readonly source: SourceTable;
  readonly target: string;
  readonly profile?: TableProfile | undefined;
  readonly columns: readonly PlannedColumn[];
}

export const columnOf = (table: PlannedTable, name: string): PlannedColumn | undefined =>
  table.columns.find(({ source }) => folded(source.name) === folded(name));

const ROWID = ["rowid", "_rowid_", "oid"];

/** The names that an expression of the table itself may use. */
export function scopeOf(table: Pick<PlannedTable, "source" | "columns">): Scope {
  const byName = new Map(table.columns.map(({ source, typed }) => [folded(source.name), typed]));
  const { rowidAlias, name } = table.source;
  const rowid = rowidAlias === undefined ? undefined : byName.get(folded(rowidAlias));
  return {
    column(wanted, of) {
      if (of !== undefined && folded(of) !== folded(name)) return undefined;
      return byName.get(folded(wanted)) ?? (ROWID.includes(folded(wanted)) ? rowid : undefined);
    },
  };
}
