import type { CatalogueDatabase } from "../servers/catalogueDatabase";

/** What PostgreSQL itself says of a table of schema public, each part as one line of text. */
export interface TableShape {
  /** In order: `price integer NOT NULL DEFAULT 0`. */
  readonly columns: readonly string[];
  /** Sorted, without their names: `CHECK ((price >= 0))`. */
  readonly constraints: readonly string[];
  /** Those that no constraint made, sorted, each as it would be created. */
  readonly indexes: readonly string[];
}

const COLUMNS = `
SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

// PostgreSQL 18 lists NOT NULL among the constraints too.
const CONSTRAINTS = `
SELECT pg_get_constraintdef(oid) AS line FROM pg_constraint WHERE conrelid = $1::regclass AND contype <> 'n'`;

const INDEXES = `
SELECT replace(pg_get_indexdef(indexrelid), 'public.', '') AS line FROM pg_index
WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)`;

/** Reads the shape of a table, given as SQL writes it: `users`, `"Task"`. */
export async function tableShape(database: CatalogueDatabase, table: string): Promise<TableShape> {
  const client = await database.connect("owner");
  const lines = async (sql: string): Promise<string[]> =>
    (await client.query<{ line: string }>(sql, [table])).rows.map(({ line }) => line);
  const shape = {
    columns: await lines(COLUMNS),
    constraints: (await lines(CONSTRAINTS)).sort(),
    indexes: (await lines(INDEXES)).sort(),
  };
  await client.end();
  return shape;
}

/** The tables of schema public, sorted. */
export async function tableNames(database: CatalogueDatabase): Promise<string[]> {
  const lines = await database.psql(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
    "owner",
  );
  return lines.split("\n");
}
