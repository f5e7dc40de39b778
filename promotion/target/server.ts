import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import type { Plan } from "../model";

const OLDEST = 150_000;
/** Sessions of a promotion besides those of its workers: of the steps, of the indexes, and one to look. */
const BESIDES = 3;

interface Server {
  version: number;
  shown: string;
  encoding: string;
  database: string;
  me: string;
  owner: string;
  superuser: boolean;
  readonly: boolean;
  may_make_schemas: boolean;
  may_make_tables: boolean;
}

const SERVER = `
SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS shown,
  pg_encoding_to_char(d.encoding) AS encoding, d.datname AS database, current_user AS me, pg_get_userbyid(d.datdba) AS owner,
  current_setting('is_superuser') = 'on' AS superuser,
  pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS readonly,
  has_database_privilege(d.oid, 'CREATE') AS may_make_schemas,
  has_schema_privilege('public', 'CREATE') AS may_make_tables
FROM pg_database AS d WHERE d.datname = current_database()`;

/** @throws UserError for a server or a role that a promotion cannot go into, naming what it is and what it has to be. */
export async function refuseServer(client: Client, plan: Plan, workers: number): Promise<void> {
  const { rows } = await client.query<Server>(SERVER);
  const [server] = rows;
  if (server === undefined) throw new Error("pg_database does not list the current database");
  const problem = problemOf(server, plan);
  if (problem !== undefined) throw new UserError(`${problem} Nothing was changed.`, ExitCode.refused);
  await refuseFewSessions(client, workers);
}

function problemOf(server: Server, plan: Plan): string | undefined {
  const { database, me, owner } = server;
  if (server.version < OLDEST)
    return `Database ${database} is on PostgreSQL ${server.shown}; a promotion needs 15 or newer. Upgrade the server, or name another one.`;
  if (server.encoding !== "UTF8")
    return `Database ${database} has the encoding ${server.encoding}; a promotion needs UTF8. Make it anew: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'.`;
  if (server.readonly)
    return `Database ${database} takes no writes: it is a replica, or its default_transaction_read_only is on. Connect to the primary.`;
  if (!server.may_make_schemas || !server.may_make_tables)
    return `Role ${me} may not make tables in database ${database}, which belongs to ${owner}. Connect as ${owner}.`;
  if (plan.catalogue !== undefined && me !== owner && !server.superuser)
    return `Database ${database} belongs to ${owner}, and its tables must too; this session is ${me}. Connect as ${owner}.`;
  return undefined;
}

const SESSIONS = `
WITH others AS (SELECT datname, usename FROM pg_stat_activity WHERE pid <> pg_backend_pid()
  -- What kind a session of another role is, is not told to everybody.
  AND coalesce(backend_type = 'client backend', usename IS NOT NULL))
SELECT 'max_connections of the server, without those kept for superusers' AS what,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true), '0')::int AS most,
  (SELECT count(*)::int FROM others) AS used
UNION ALL SELECT 'the connection limit of role ' || rolname, rolconnlimit, (SELECT count(*)::int FROM others WHERE usename = rolname)
  FROM pg_roles WHERE rolname = session_user AND rolconnlimit >= 0 AND NOT rolsuper
UNION ALL SELECT 'the connection limit of database ' || datname, datconnlimit, (SELECT count(*)::int FROM others WHERE others.datname = d.datname)
  FROM pg_database AS d WHERE datname = current_database() AND datconnlimit >= 0`;

async function refuseFewSessions(client: Client, workers: number): Promise<void> {
  const needed = workers + BESIDES;
  const { rows } = await client.query<{ what: string; most: number; used: number }>(SESSIONS);
  const tight = rows.find(({ most, used }) => most - used < needed);
  if (tight === undefined) return;
  throw new UserError(
    `A promotion with ${workers} workers needs ${needed} connections, and ${tight.what} (${tight.most}) leaves ${Math.max(0, tight.most - tight.used)}: ${tight.used} are in use. Raise it, close other sessions, or use fewer --workers. Nothing was changed.`,
    ExitCode.refused,
  );
}
