import type { CatalogueName } from "../../settings";
import type { CodecSpec } from "./codec";

/** One column of the target, and where its values come from. */
export interface ColumnPlan {
  /** SQL in SQLite over the row `s`: `s."name"`, or an expression of a mapping. */
  readonly select: string;
  /** Name in PostgreSQL, not quoted. */
  readonly target: string;
  readonly codec: CodecSpec;
  /** Money: its sum is compared too. */
  readonly money?: boolean;
}

/** One table of SQLite that becomes one table of PostgreSQL. */
export interface TablePlan {
  /** Name in SQLite, not quoted. */
  readonly source: string;
  /** Name in PostgreSQL's schema `public`, not quoted. */
  readonly target: string;
  /**
   * The source's declared key, not quoted, in its order; empty when there is none: such a table is copied again as a whole when it has
   * changed, for a rowid that nobody declared is renumbered by VACUUM.
   */
  readonly sourceKey: readonly string[];
  /** The key in PostgreSQL, as many as are needed; their `select` uses columns of `sourceKey` alone. Empty with `sourceKey`. */
  readonly targetKey: readonly string[];
  /**
   * What must hold for a row besides its codecs: a target's CHECK and NOT NULL constraints, and references. `sql` is SQLite's, over the
   * row `s`, and gives 1 when the row is fine (0 or NULL when not). A row that is not fine is refused like one that a codec refuses:
   * quarantined with `reason`, left out of the copy (its SQL-side fast path too), of the replay and of the comparison.
   */
  readonly checks?: readonly { readonly sql: string; readonly reason: string }[];
  /** The source's INTEGER PRIMARY KEY, when it has one: ranges are made along it. */
  readonly rowid?: string;
  readonly columns: readonly ColumnPlan[];
  /** Columns of SQLite's unique indexes besides the key, by index: REPLACE takes away rows that conflict there. Undefined: an expression. */
  readonly uniques: readonly (readonly string[] | undefined)[];
  /** The target's identity or serial column, and what its sequence must be beyond, besides every value of the column. */
  readonly identity?: { readonly column: string; readonly beyond: string };
  /** The way back, for rows that PostgreSQL changed: source column, and SQL over PostgreSQL's row `t`. Undefined: the columns themselves. */
  readonly back?: readonly { readonly source: string; readonly select: string; readonly codec: CodecSpec }[];
}

/** Something of the source that has no place in the target, told in the report and kept as a comment where there is a place for one. */
export interface LeftOut {
  /** What: `index users_name on users`, `trigger …`. */
  readonly what: string;
  readonly why: string;
  /** What the user can do. */
  readonly instead: string;
}

/** A constraint or index that is made after the rows are there. `name` is unique in the plan. */
export interface LaterStatement {
  readonly table: string;
  readonly name: string;
  readonly sql: string;
}

/** All that a promotion does to the data. JSON; written into the journal at the beginning, and never changed after. */
export interface Plan {
  /** The logical database whose migrations make the target's tables. Undefined: `create` makes them. */
  readonly catalogue?: CatalogueName;
  /** On SQLite before all else, in one transaction: tables and triggers of a mapping, named `_ladder_…`, with IF NOT EXISTS. */
  readonly sourceSetup: readonly string[];
  /** Takes those away again, with IF EXISTS. */
  readonly sourceTeardown: readonly string[];
  /** On PostgreSQL: tables with their keys and checks. Without `catalogue` only. */
  readonly create: readonly string[];
  /** After the rows: indexes, unique ones too. Without `catalogue` only; with one they are found on the tables. */
  readonly indexes: readonly LaterStatement[];
  /** At the cut-over: `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY … NOT VALID`. Without `catalogue` only. */
  readonly foreignKeys: readonly LaterStatement[];
  /** Last: views, comments. Without `catalogue` only. */
  readonly finish: readonly string[];
  /** Parents before children, as far as there is no cycle. */
  readonly tables: readonly TablePlan[];
  readonly leftOut: readonly LeftOut[];
  /** Tables of the target that have no place in the source: what is written there after the cut-over cannot be carried back. */
  readonly notCarried?: readonly { readonly table: string; readonly why: string }[];
}
