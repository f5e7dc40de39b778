import { type Client, DatabaseError, escapeIdentifier } from "pg";
import { ExitCode, UserError } from "../settings/errors";

/**
 * What the runner's session has, whatever the role, the database or the server say: a migration must mean the same everywhere.
 * Statements may take their time. A runner that has died or is cut off is noticed within seconds, and what it held is let go.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  search_path: "public",
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  client_min_messages: "warning",
  standard_conforming_strings: "on",
  check_function_bodies: "on",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  default_table_access_method: "heap",
  default_tablespace: "",
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "60s",
};

/** Not every platform that PostgreSQL runs on can do them; a runner that has died then is noticed later. */
const WISHES: Readonly<Record<string, string>> = {
  client_connection_check_interval: "1s",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
};

/** Who the session works as, and where. */
export interface Session {
  readonly database: string;
  /** Owner of the database: everything that a migration makes belongs to it. */
  readonly owner: string;
  /** Database as messages call it. */
  readonly place: string;
}

/**
 * Makes a fresh connection ready for migrations: fixed settings, and the role of the database's owner. Whoever may become the owner
 * (a superuser, the master that made it) does so; anybody else is refused, because tables of another role would lack the rights that
 * the owner's default privileges give.
 */
export async function prepareSession(client: Client): Promise<Session> {
  for (const [name, value] of Object.entries(SETTINGS))
    await client.query("SELECT set_config($1, $2, false)", [name, value]);
  for (const [name, value] of Object.entries(WISHES))
    await client.query("SELECT set_config($1, $2, false)", [name, value]).catch(refusedWish);
  const { rows } = await client.query<{ database: string; owner: string; me: string }>(
    "SELECT current_database() AS database, pg_get_userbyid(datdba) AS owner, current_user AS me FROM pg_database WHERE datname = current_database()",
  );
  const [found] = rows;
  if (found === undefined) throw new Error("pg_database does not list the current database");
  const { database, owner, me } = found;
  if (me !== owner) await becomeOwner(client, found);
  return { database, owner, place: `Database ${database}` };
}

function refusedWish(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error;
}

async function becomeOwner(client: Client, { database, owner, me }: { database: string; owner: string; me: string }) {
  try {
    await client.query(`SET ROLE ${escapeIdentifier(owner)}`);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new UserError(
      `Role ${me} cannot work on the schema of database ${database}: it belongs to ${owner}, and ${me} may not become ${owner}. Connect as ${owner}.`,
      ExitCode.usage,
    );
  }
}
