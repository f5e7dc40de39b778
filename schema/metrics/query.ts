/**
 * A question to PostgreSQL whose answer is metrics, in the words that CloudNativePG's exporter and postgres_exporter share: a column
 * `column` of the query named `query` becomes the metric `query_column`, columns of usage LABEL tell its series apart.
 */
export interface MetricQuery {
  /** One SELECT, of statistics and settings, which members of pg_monitor may read. */
  readonly query: string;
  /** Whether one answer holds for the whole server, or each logical database has its own. */
  readonly of: "server" | "database";
  /** Only where the writer runs: what a standby would answer is old. */
  readonly primary?: true;
  /** One for each column, in the order of the SELECT. */
  readonly metrics: readonly Metric[];
}

export type Usage = "LABEL" | "GAUGE" | "COUNTER";

/** A column with what it is. */
export type Metric = Readonly<Record<string, { readonly usage: Usage; readonly description: string }>>;

export const label = (name: string, description: string): Metric => ({ [name]: { usage: "LABEL", description } });
export const gauge = (name: string, description: string): Metric => ({ [name]: { usage: "GAUGE", description } });
export const counter = (name: string, description: string): Metric => ({ [name]: { usage: "COUNTER", description } });

export const lines = (...text: readonly string[]): string => text.join("\n");

/** The label of a query that is asked in each database. */
export const DATABASE = label("datname", "Name of the database");

/** A relation of schema `public` that only some databases have, or only some readers may read. */
export interface Optional {
  readonly relation: string;
  /** What else must be so, as SQL. Default: nothing. */
  readonly when?: string;
  /** A SELECT of numbers from it, without a quote. */
  readonly select: string;
  /** Columns of that SELECT with their types. */
  readonly columns: string;
}

/**
 * No row, instead of an error, where the relation is not there or the reader has no right to any of its columns: the SELECT is a text
 * until the relation was found. `current_database()` comes first, as `datname`.
 */
export const whereThere = ({ relation, when, select, columns }: Optional): string =>
  lines(
    "SELECT pg_catalog.current_database() AS datname, answer.*",
    "FROM (",
    `  SELECT '${select}'::text AS sql`,
    "  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace",
    `  WHERE n.nspname = 'public' AND c.relname = '${relation}'`,
    "    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')",
    ...(when === undefined ? [] : [`    AND ${when}`]),
    ") AS there",
    `CROSS JOIN LATERAL XMLTABLE('/table/row' PASSING pg_catalog.query_to_xml(there.sql, false, false, '') COLUMNS ${columns}) AS answer`,
  );
