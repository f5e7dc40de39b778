import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { isNoted } from "./notes";
import { relationsIn } from "./prepare";
import { NOTES } from "./session";
import { inTransaction } from "./transaction";

/** Schemas of ours, and of the catalogue's migrations. */
const SCHEMAS = [NOTES, "ladder", "auth"];

/** What `resetTarget` removes: the tables, views and sequences of the schema `public`, by name, to be shown before. */
export const whatResetRemoves = (client: Client): Promise<string[]> => relationsIn(client, "r", "p", "v", "m", "f");

/** All in the schema `public` that no extension owns, with what removes it. */
const OBJECTS = `
SELECT format('DROP %s IF EXISTS %s CASCADE', what, name) AS sql FROM (
  -- A sequence of an identity column goes with its table, and not before.
  SELECT CASE c.relkind WHEN 'S' THEN 2 ELSE 1 END AS no, 'pg_class'::regclass AS class, c.oid, c.oid::regclass::text AS name,
    CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS what
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 3, 'pg_proc'::regclass, p.oid, p.oid::regprocedure::text, 'ROUTINE' FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind <> 'a'
  UNION ALL SELECT 4, 'pg_type'::regclass, t.oid, t.oid::regtype::text, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END
  FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'r')
) AS o
WHERE NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e')
ORDER BY o.no, o.name`;

/**
 * Empties the target for a new beginning, in one transaction: what is in `public`, the history of its migrations, and the notes of a promotion
 * that was given up. Extensions, roles and rights on the schema stay.
 * @throws UserError (exit code 4) when the target has served: its rows may be nowhere else.
 */
export async function resetTarget(client: Client): Promise<void> {
  if (await hasServed(client))
    throw new UserError(
      "The target has served the application since a cut-over, and its rows may be nowhere else: it is not reset. Go back with --rollback, or name another database.",
      ExitCode.refused,
    );
  await inTransaction(client, async () => {
    const { rows } = await client.query<{ sql: string }>(OBJECTS);
    for (const { sql } of rows) await client.query(sql);
    // Of the database, not of a schema: a migration would find it there.
    const { rows: publications } = await client.query<{ name: string }>(
      "SELECT quote_ident(pubname) AS name FROM pg_publication WHERE pg_has_role(pubowner, 'USAGE')",
    );
    for (const { name } of publications) await client.query(`DROP PUBLICATION ${name}`);
    const { rows: schemas } = await client.query<{ name: string }>(
      "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname = ANY ($1) AND pg_has_role(nspowner, 'USAGE')",
      [SCHEMAS],
    );
    for (const { name } of schemas) await client.query(`DROP SCHEMA ${name} CASCADE`);
  });
}

async function hasServed(client: Client): Promise<boolean> {
  if (!(await isNoted(client, "gate"))) return false;
  const { rowCount } = await client.query(`SELECT FROM ${NOTES}.gate WHERE opened_at IS NOT NULL`);
  return rowCount !== 0;
}
