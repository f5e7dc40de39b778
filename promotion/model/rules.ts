import type { TimeForm } from "./codec";

/** What `rules.yaml` may say of a column. Names are SQLite's. */
export interface ColumnRule {
  /** The type in PostgreSQL. */
  readonly type?:
    | "smallint"
    | "integer"
    | "bigint"
    | "boolean"
    | "double precision"
    | "numeric"
    | "text"
    | "bytea"
    | "jsonb"
    | "timestamp"
    | "timestamptz"
    | "date";
  /** With `numeric`. */
  readonly precision?: number;
  readonly scale?: number;
  readonly round?: boolean;
  /** With `timestamp`, `timestamptz` or `date`: what the values are. */
  readonly from?: TimeForm;
  /** Empty texts in a column that is no text column. */
  readonly empty?: "null";
  /** NUL characters in texts. */
  readonly nul?: "strip";
  /** Texts whose bytes are no UTF-8. */
  readonly invalid?: "replace" | "latin1";
  /** Another name in PostgreSQL. */
  readonly rename?: string;
}

export interface TableRule {
  readonly rename?: string;
  /** Leave the table out. */
  readonly skip?: boolean;
  readonly columns?: Readonly<Record<string, ColumnRule>>;
}

/** `rules.yaml`. */
export interface Rules {
  readonly version: 1;
  readonly tables: Readonly<Record<string, TableRule>>;
}

export const NO_RULES: Rules = { version: 1, tables: {} };
