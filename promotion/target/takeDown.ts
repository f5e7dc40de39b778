import type { Client } from "pg";
import { type Later, noteLater } from "./notes";

/** Of the schema `public`, ordinary tables that belong to no extension; partitions and their parents stay as they are. */
const OURS = `c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`;

/** A comment goes with what it is on. */
const withComment = (what: string, comment: string): string =>
  `coalesce('; COMMENT ON ' || ${what} || ' IS ' || quote_literal(${comment}), '')`;

const INDEXES = `
SELECT 'index' AS kind, c.relname AS tbl, i.relname AS name,
  pg_get_indexdef(x.indexrelid) || ${withComment("'INDEX public.' || quote_ident(i.relname)", "obj_description(x.indexrelid, 'pg_class')")}
    || CASE WHEN x.indisclustered THEN format('; ALTER TABLE public.%I CLUSTER ON %I', c.relname, i.relname) ELSE '' END
    || CASE WHEN x.indisreplident THEN format('; ALTER TABLE public.%I REPLICA IDENTITY USING INDEX %I', c.relname, i.relname) ELSE '' END AS sql,
  format('DROP INDEX public.%I', i.relname) AS undo
FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid
WHERE ${OURS} AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.indexrelid)
ORDER BY c.relname, i.relname`;

/** Added again without a look at the rows, which `validateForeignKeys` takes later. */
const FOREIGN_KEYS = `
SELECT 'foreign key' AS kind, c.relname AS tbl, k.conname AS name,
  format('ALTER TABLE public.%I ADD CONSTRAINT %I %s%s', c.relname, k.conname, pg_get_constraintdef(k.oid), CASE WHEN k.convalidated THEN ' NOT VALID' ELSE '' END)
    || ${withComment("format('CONSTRAINT %I ON public.%I', k.conname, c.relname)", "obj_description(k.oid, 'pg_constraint')")} AS sql,
  format('ALTER TABLE public.%I DROP CONSTRAINT %I', c.relname, k.conname) AS undo
FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_class AS r ON r.oid = k.confrelid
WHERE ${OURS} AND k.contype = 'f' AND k.conparentid = 0 AND r.relkind = 'r'
ORDER BY c.relname, k.conname`;

/** But for the gate, which is there already and stays closed. */
const TRIGGERS = `
SELECT 'trigger' AS kind, c.relname AS tbl, t.tgname AS name,
  format('ALTER TABLE public.%I ENABLE %s TRIGGER %I', c.relname, CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, t.tgname) AS sql,
  format('ALTER TABLE public.%I DISABLE TRIGGER %I', c.relname, t.tgname) AS undo
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE ${OURS} AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgname NOT LIKE '\\_ladder\\_%'
ORDER BY c.relname, t.tgname`;

/**
 * Takes down what would slow a load or refuse rows that come in any order: indexes that no constraint owns, foreign keys, triggers. Each is
 * noted as the server itself writes it. In the caller's transaction.
 */
export async function takeDown(client: Client): Promise<void> {
  for (const sql of [INDEXES, FOREIGN_KEYS, TRIGGERS]) {
    const { rows } = await client.query<Omit<Later, "no"> & { undo: string }>(sql);
    for (const later of rows) {
      await noteLater(client, later);
      await client.query(later.undo);
    }
  }
}
