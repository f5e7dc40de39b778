import type { Client } from "pg";

/** A table of the target's schema `public`, partitions and partitioned ones among them; those of extensions are left out. */
export interface TargetTable {
  readonly oid: string;
  readonly name: string;
}

/** All tables of the schema `public` that an application may write, by name. */
export async function targetTables(client: Client): Promise<TargetTable[]> {
  const { rows } = await client.query<TargetTable>(
    `SELECT c.oid::text AS oid, c.relname AS name FROM pg_catalog.pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname`,
  );
  return rows;
}
