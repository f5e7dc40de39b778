/**
 * What becomes of what a case found.
 * carried: arrives as it is, by the rule that `done` names. aside: refused row by row, so that the copy stops, or puts such rows into
 * quarantine when it was told to. question: needs a ruling. left: stays behind, and is told. note: nothing in the data; something to know.
 */
export type Outcome = "carried" | "aside" | "question" | "left" | "note";

/** Something of a database that is easily lost or changed on its way to PostgreSQL. */
export interface Case {
  readonly id: CaseId;
  readonly table?: string;
  readonly column?: string;
  /** Values, rows or things, by the case. */
  readonly count: number;
  /** How many of them the column's type refuses: the copy stops at such rows, or puts them into quarantine. */
  readonly refused?: number;
  /** Keys of the first rows, at most five, as `id=5`. Never other values of a row. */
  readonly keys: readonly string[];
  readonly outcome: Outcome;
  /** What is done with it. */
  readonly done: string;
}

/** Every case that is looked for, with what is said of it in a report. */
export const CASES = {
  "wrong-class": "values of another storage class than the column's type",
  boolean: "booleans that are more than 0 and 1",
  "refused-value": "other values that the column's type does not take",
  "large-integer": "integers beyond 32 bits",
  real: "REAL values",
  infinity: "infinite numbers",
  "rounded-decimal": "decimals that were rounded to a floating point number",
  "number-time": "times kept as numbers",
  "mixed-time": "times of several kinds in one column",
  "plain-time": "times without an offset",
  "empty-text": "empty texts in columns that are no text",
  "invalid-text": "texts that are no valid UTF-8",
  nul: "texts with a NUL character",
  blob: "BLOBs",
  "text-in-blob": "texts in BLOB columns",
  "invalid-json": "JSON columns with texts that are no JSON",
  "json-escape": "JSON with an escape that jsonb does not take, such as \\u0000",
  "mapped-row": "rows that the catalogue's tables do not take",
  autoincrement: "AUTOINCREMENT",
  "integer-key": "INTEGER PRIMARY KEY",
  "without-rowid": "WITHOUT ROWID tables",
  "composite-key": "primary keys of several columns",
  "null-key": "NULL in a primary key",
  "no-key": "tables without a primary key",
  "not-null": "NOT NULL columns",
  check: "CHECK constraints",
  "foreign-key": "foreign keys",
  "composite-foreign-key": "foreign keys of several columns",
  "foreign-key-cycle": "foreign keys that form a circle",
  orphan: "rows whose parent is not there",
  "broken-foreign-key": "foreign keys that refer to nothing",
  "partial-index": "partial indexes",
  "expression-index": "indexes on expressions",
  "descending-index": "descending indexes",
  nocase: "collation NOCASE",
  "unknown-collation": "collations that PostgreSQL does not have",
  view: "views",
  trigger: "triggers",
  generated: "generated columns",
  "default-expression": "defaults that are expressions",
  "odd-type": "type names that PostgreSQL does not have",
  name: "names that are reserved words or have capitals",
  "long-name": "names longer than PostgreSQL's 63 bytes",
  "full-text": "full-text tables",
  "virtual-table": "other virtual tables",
  "huge-row": "huge rows",
  "many-columns": "tables with more columns than PostgreSQL allows",
  replace: "unique constraints, on which REPLACE removes rows unseen",
  "journal-mode": "a journal mode in which readers keep writers waiting",
  "wal-reset": "SQLite versions with the WAL-reset bug",
} as const;

export type CaseId = keyof typeof CASES;
