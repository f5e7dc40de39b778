import type { StorageClass } from "./value";

/** SQLite's five affinities (https://www.sqlite.org/datatype3.html#determination_of_column_affinity). */
export type Affinity = "INTEGER" | "TEXT" | "BLOB" | "REAL" | "NUMERIC";

export interface SourceColumn {
  readonly name: string;
  /** The type as declared, "" when there is none. */
  readonly declared: string;
  readonly affinity: Affinity;
  readonly notNull: boolean;
  /** SQL of the default, as `pragma table_xinfo` gives it. */
  readonly default?: string;
  /** BINARY, NOCASE, RTRIM, or one that the application registers. */
  readonly collation: string;
  readonly generated?: { readonly expression: string; readonly stored: boolean };
}

export interface SourceIndex {
  readonly name: string;
  readonly unique: boolean;
  /** c: CREATE INDEX, u: UNIQUE in the table, pk: PRIMARY KEY. */
  readonly origin: "c" | "u" | "pk";
  /** SQL of a partial index's condition. */
  readonly where?: string;
  readonly terms: readonly {
    /** A column, or an expression as written. */
    readonly column?: string;
    readonly expression?: string;
    readonly descending: boolean;
    readonly collation: string;
  }[];
}

export interface SourceForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  /** Resolved: `REFERENCES t` alone means its primary key. Empty when that table or key is not there. */
  readonly references: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  /** DEFERRABLE INITIALLY DEFERRED. */
  readonly deferred: boolean;
}

export interface SourceTable {
  readonly name: string;
  /** Hidden ones of virtual tables are left out; generated ones are in. */
  readonly columns: readonly SourceColumn[];
  /** Declared primary key in its order; empty when none is declared. */
  readonly primaryKey: readonly string[];
  /** The INTEGER PRIMARY KEY column, which is the rowid. */
  readonly rowidAlias?: string;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly autoincrement: boolean;
  /** sqlite_sequence's number for the table. */
  readonly sequence?: bigint;
  readonly checks: readonly { readonly name?: string; readonly expression: string }[];
  readonly indexes: readonly SourceIndex[];
  readonly foreignKeys: readonly SourceForeignKey[];
  readonly sql: string;
}

/** What a SQLite database is made of. Tables of SQLite, of Litestream and of ladder itself are left out. */
export interface SourceSchema {
  readonly encoding: "UTF-8" | "UTF-16le" | "UTF-16be";
  /** `pragma schema_version`: grows with every change of the schema. */
  readonly schemaVersion: number;
  readonly tables: readonly SourceTable[];
  readonly views: readonly { readonly name: string; readonly sql: string }[];
  readonly triggers: readonly { readonly name: string; readonly table: string; readonly sql: string }[];
  /** With the tables that hold their content (`shadows`), which are not in `tables`. */
  readonly virtualTables: readonly {
    readonly name: string;
    readonly module: string;
    readonly sql: string;
    readonly columns: readonly string[];
    readonly shadows: readonly string[];
  }[];
}

/** What the values of one column are, counted over every row of one snapshot. */
export interface ColumnProfile {
  readonly column: string;
  readonly classes: Readonly<Record<StorageClass, number>>;
  readonly integers?: { readonly minimum: bigint; readonly maximum: bigint };
  readonly reals?: {
    readonly minimum: number;
    readonly maximum: number;
    readonly infinite: number;
    readonly whole: number;
  };
  /** Counts of texts. `time`: ISO dates or times that SQLite reads; `words`: true, false, yes, no, on, off, t, f, y, n. */
  readonly texts?: {
    readonly empty: number;
    readonly nul: number;
    readonly invalid: number;
    readonly integer: number;
    readonly decimal: number;
    readonly time: number;
    readonly withOffset: number;
    readonly json: number;
    /** Of those: objects or arrays. */
    readonly jsonDocuments: number;
    /** Valid JSON with \u0000 inside, which jsonb does not take. */
    readonly jsonNul: number;
    readonly words: number;
    readonly longestBytes: number;
    readonly longestCharacters: number;
    /** With a backslash, tab or line end. */
    readonly escapes: number;
  };
  /** Numbers by what they could be as a time; `zeroOrOne` by what they could be as a boolean. */
  readonly numbers?: {
    readonly zeroOrOne: number;
    readonly seconds: number;
    readonly milliseconds: number;
    readonly microseconds: number;
    readonly julian: number;
    readonly other: number;
    /** REALs with more than 15 significant digits: a decimal that was rounded when it became a float. */
    readonly rounded: number;
  };
  readonly longestBlobBytes?: number;
}

export interface TableProfile {
  readonly table: string;
  readonly rows: number;
  /** Of the table's pages without its indexes. */
  readonly bytes: number;
  readonly largestRowBytes: number;
  readonly columns: readonly ColumnProfile[];
}
