import type { ClientBase } from "pg";

/** What stands on a column of a table. */
export interface Dependents {
  /** Indexes, constraints and defaults of the column: they go with it. */
  readonly going: readonly string[];
  /** Views, policies, triggers, foreign keys and others, which forbid its removal. */
  readonly holding: readonly string[];
  /** Functions that name the column in their text, of which PostgreSQL keeps no record. Quoted where needed. */
  readonly functions: readonly string[];
}

/** Direct dependents, and what depends on those: a foreign key elsewhere on the index of a UNIQUE constraint here. */
const DEPENDENTS = `
  WITH RECURSIVE dependent AS (
    SELECT d.classid, d.objid, d.objsubid, d.deptype = 'a' AS going
      FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE d.refclassid = 'pg_class'::regclass AND a.attrelid = $1::regclass AND a.attname = $2 AND d.deptype IN ('a', 'n')
     UNION
    SELECT d.classid, d.objid, d.objsubid, p.going AND d.deptype IN ('a', 'i')
      FROM dependent p JOIN pg_depend d ON d.refclassid = p.classid AND d.refobjid = p.objid
     WHERE d.deptype IN ('a', 'i', 'n') AND d.refobjid <> $1::regclass
  )
  SELECT coalesce('view ' || r.ev_class::regclass, pg_describe_object(d.classid, d.objid, d.objsubid)) AS what,
         bool_and(going) AS going
    FROM dependent d
    LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
   WHERE t.tgisinternal IS NOT TRUE
   GROUP BY 1 ORDER BY 1`;

/** Not those of an extension: it does not know our columns, whatever a word in it is. */
const FUNCTIONS = `
  SELECT p.oid::regprocedure::text AS signature FROM pg_proc p
   WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
     AND p.prosrc ~ ('\\m' || $1 || '\\M')
     AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
   ORDER BY 1`;

/**
 * What would go with a column, and what stands in the way of its removal.
 * @param table quoted where needed, for example `public."File"`.
 * @param column as it is called, without quotes: letters and digits.
 */
export async function columnDependents(client: ClientBase, table: string, column: string): Promise<Dependents> {
  const { rows } = await client.query<{ what: string; going: boolean }>(DEPENDENTS, [table, column]);
  const functions = await client.query<{ signature: string }>(FUNCTIONS, [column]);
  return {
    going: rows.filter(({ going }) => going).map(({ what }) => what),
    holding: rows.filter(({ going }) => !going).map(({ what }) => what),
    functions: functions.rows.map(({ signature }) => signature),
  };
}
