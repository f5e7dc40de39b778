import type { TableRule } from "../../../promotion/model";

/** The rows of the table of awkward cases. */
export const AWKWARD = [
  "another class in an INTEGER column",
  "boolean",
  "large integers",
  "REAL",
  "Infinity",
  "DECIMAL",
  "numbers for times",
  "naive date text",
  "empty text and NULL",
  "invalid UTF-8",
  "NUL in TEXT",
  "BLOB",
  "JSON",
  "AUTOINCREMENT",
  "INTEGER PRIMARY KEY",
  "other keys",
  "NOT NULL, CHECK",
  "foreign keys",
  "indexes",
  "views, triggers",
  "generated columns",
  "defaults, odd types",
  "names",
  "virtual tables",
  "huge rows",
] as const;

/** What must hold in PostgreSQL, asked as the application would. Each is rolled back. */
export interface Check {
  /** What is lost where it does not hold. */
  readonly lost: string;
  readonly sql: string;
  /** The rows, each value as its text; or the SQLSTATE that the statement must fail with. */
  readonly gives: string | readonly (readonly (string | null)[])[];
}

/** One awkward case in tables of its own. */
export interface CorpusCase {
  readonly name: string;
  readonly awkward: (typeof AWKWARD)[number];
  /** SQLite's statements that make the tables and rows. */
  readonly sql: string;
  /** Rulings of the user, by table. */
  readonly rules?: Readonly<Record<string, TableRule>>;
  /** Begins of the questions that are asked without the rulings, which are then needed. */
  readonly asked?: readonly string[];
  readonly right: readonly Check[];
  /** Of ladder's quarantine: table, key and refusals as `table key: column reason`. Default: nothing is there. */
  readonly aside?: readonly string[];
  /** What ladder tells of as left out, changed or warned of: beginnings of `what: why`. */
  readonly told?: readonly string[];
  /** Foreign keys that rows break, as `constraint rows`. */
  readonly orphans?: readonly string[];
}

/** The rows that a question gives. */
export const shows = (lost: string, sql: string, ...gives: (string | null)[][]): Check => ({ lost, sql, gives });

/** A statement that PostgreSQL must refuse, with its SQLSTATE. */
export const refuses = (lost: string, sql: string, gives: string): Check => ({ lost, sql, gives });

/** A statement that PostgreSQL must take. */
export const takes = (lost: string, sql: string): Check => shows(lost, sql);

/** A column's type, one of these; the names are those of PostgreSQL. */
export const typed = (table: string, column: string, ...types: string[]): Check => ({
  lost: `the type ${types[0]} of ${table}.${column}`,
  sql: `SELECT format_type(atttypid, atttypmod) = ANY (ARRAY[${types.map((type) => `'${type}'`).join(", ")}]) FROM pg_attribute
    WHERE attrelid = to_regclass('public.${table}') AND attname = '${column.replaceAll('"', "")}'`,
  gives: [["t"]],
});

export const NOT_NULL = "23502";
export const FOREIGN_KEY = "23503";
export const UNIQUE = "23505";
export const CHECK = "23514";

/** Enough good rows (1 to 500) that a few bad ones are mistakes; SQL of a value of row `i`. */
export const many = (table: string, value: string): string =>
  `INSERT INTO ${table} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, ${value} FROM n;`;
