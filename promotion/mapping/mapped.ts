import type { CodecSpec } from "../model";

/** One column of a catalogue's table, and the column of the application's SQLite table that it comes from. */
export interface MappedColumn {
  readonly source: string;
  readonly target: string;
  /** `time`: TIMESTAMP without zone, in UTC; what its values are is read from the profile and the rules. */
  readonly codec: CodecSpec | "time";
  /** SQL over the column, which is given quoted and with its row. Default: the column itself. */
  readonly select?: (column: string) => string;
  /** SQL over PostgreSQL's row `t`, for the way back, and its codec. Default: the target's column and codec. */
  readonly back?: { readonly select: string; readonly codec: CodecSpec };
  /** NOT NULL in the target, with nothing that a missing value could become. Default: false. */
  readonly required?: boolean;
  /** What a missing value becomes; told with the count of such rows. */
  readonly missing?: string;
  readonly money?: boolean;
}

/** What must hold for a row of the source: SQL over the row of the given name, 1 when it is fine. */
export interface MappedCheck {
  readonly sql: (row: string) => string;
  readonly reason: string;
}

export interface MappedTable {
  readonly source: string;
  readonly target: string;
  readonly key: readonly string[];
  /** The serial column of the target. */
  readonly identity?: string;
  readonly columns: readonly MappedColumn[];
  readonly checks: readonly MappedCheck[];
}

/** A column of a row, quoted. The names of the documents need nothing more. */
export const columnOf = (row: string, name: string): string => `${row}."${name}"`;

/** A CHECK of the target for a number, which NULL passes as there. `CAST`: a text column would be compared as text. */
export const between = (column: string, low: number, high?: number): MappedCheck => ({
  sql: (row) => {
    const value = columnOf(row, column);
    const number = `CAST(${value} AS NUMERIC)`;
    const range = high === undefined ? `${number} >= ${low}` : `${number} BETWEEN ${low} AND ${high}`;
    return `${value} IS NULL OR ${range}`;
  },
  reason: high === undefined ? `${column} is below ${low}` : `${column} is not between ${low} and ${high}`,
});

/** A text that is missing in SQLite's column: NULL or empty, whatever its collation takes for empty. */
export const isMissing = (column: string): string =>
  `(${column} IS NULL OR (typeof(${column}) = 'text' AND ${column} = '' COLLATE BINARY))`;

/** The row that a foreign key of the target names must be there, and be carried itself. */
export const refersTo = (column: string, parent: MappedTable): MappedCheck => ({
  sql: (row) =>
    `${columnOf(row, column)} IS NULL OR EXISTS (SELECT 1 FROM "${parent.source}" AS p WHERE p."id" = ${columnOf(row, column)}` +
    `${parent.checks.map(({ sql }) => ` AND (${sql("p")})`).join("")})`,
  reason: `${column} names a row of ${parent.source} that is not there, or is not carried`,
});
