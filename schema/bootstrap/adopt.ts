import type { ClientBase } from "pg";
import { ENCODING, type LogicalDatabaseModel } from "../../catalogue/roles";
import { UserError } from "../../settings/errors";
import { name } from "./quote";
import { alone } from "./transaction";

interface DatabaseFacts {
  readonly owner: string;
  readonly encoding: string;
  readonly limit: number;
  readonly table: string | null;
}

/** A relation of somebody's in the database that one is connected to: what belongs to PostgreSQL or to an extension does not count. */
const FIRST_TABLE = `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY 1 LIMIT 1`;

/**
 * Takes the database that one is connected to: ours stays as it is, an empty one of somebody else's becomes ours, and one with tables
 * of somebody else's is refused and left as it is. Its limit of connections is brought to the model.
 */
export async function adopt(
  client: ClientBase,
  { database, roles, connectionLimit }: LogicalDatabaseModel,
): Promise<void> {
  const { rows } = await client.query<DatabaseFacts>(
    `SELECT pg_get_userbyid(datdba) AS owner, pg_encoding_to_char(encoding) AS encoding, datconnlimit AS limit,
       (${FIRST_TABLE}) AS table
     FROM pg_catalog.pg_database WHERE datname = current_database()`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error("current_database() is not in pg_database");
  if (found.encoding !== ENCODING.encoding)
    throw new UserError(
      `The database ${database} is encoded in ${found.encoding}; needed is ${ENCODING.encoding}, and it cannot be changed. Dump it, make it anew from template0, and load it; it was left as it is.`,
    );
  const owner = roles.owner.name;
  if (found.owner !== owner) {
    if (found.table !== null)
      throw new UserError(
        `The database ${database} belongs to ${found.owner} and holds ${found.table}; it was left as it is. Give it to ${owner} yourself (ALTER DATABASE ${name(database)} OWNER TO ${name(owner)}, and there REASSIGN OWNED BY ${name(found.owner)} TO ${name(owner)}), or choose another name.`,
      );
    await alone(client, `the ownership of ${database}`, `ALTER DATABASE ${name(database)} OWNER TO ${name(owner)}`);
  }
  if (found.limit !== connectionLimit)
    await alone(
      client,
      `the limit of connections of ${database}`,
      `ALTER DATABASE ${name(database)} CONNECTION LIMIT ${connectionLimit}`,
    );
}
