import { type Client, type ClientBase, DatabaseError } from "pg";
import { GUESTS, type LogicalDatabaseModel, MAINTENANCE_DATABASE } from "../../catalogue/roles";
import { UserError } from "../../settings/errors";
import { adopt } from "./adopt";
import { createDatabase, createExtension, databaseGrants, defaultPrivileges, schemaGrants } from "./databaseSql";
import { name } from "./quote";
import { makeRoles, type RolePasswords } from "./roles";
import { type ServerFacts, serverFacts } from "./server";
import { alone, transaction } from "./transaction";

export interface BootstrapOptions {
  readonly model: LogicalDatabaseModel;
  /** A connected client for a database of the server, always as the same role: a superuser, or one with CREATEROLE and CREATEDB. It is ended here. */
  readonly connect: (database: string) => Promise<Client>;
  /** Of each role; one that is left out keeps the password that it has. */
  readonly passwords: RolePasswords;
  /** Database to connect to while ours is not there. Default: `postgres`. */
  readonly maintenanceDatabase?: string;
  /** One line for each step that took effect. */
  readonly onProgress?: (line: string) => void;
}

export interface Bootstrapped {
  /** Whether the database was made now. */
  readonly created: boolean;
  /** What this server does not let us have, one sentence each. */
  readonly warnings: readonly string[];
}

/** Two runs at once would both find a role missing. One number for all databases of a server: roles are the server's. */
const LOCK = 7_402_116_380_115;
/** Longest wait for another run, and for any lock within. */
const PATIENCE = "60s";

/**
 * Makes the roles and the database of a logical database, or brings what is there to the model. Nothing is ever dropped; run again,
 * it changes nothing but what was changed in the model. Afterwards migrations may run, as the owner.
 */
export async function bootstrapDatabase(options: BootstrapOptions): Promise<Bootstrapped> {
  const {
    model,
    connect,
    passwords,
    maintenanceDatabase = MAINTENANCE_DATABASE,
    onProgress = () => undefined,
  } = options;
  const server = await connect(maintenanceDatabase);
  try {
    await server.query(`SET lock_timeout = '${PATIENCE}'`);
    await alone(server, "the lock that lets one run in at a time", `SELECT pg_advisory_lock(${LOCK})`);
    const facts = await serverFacts(server);
    refusePowerless(facts, model);
    const warnings = await makeRoles(server, facts, model, passwords, onProgress);
    const created = await makeDatabase(server, model, onProgress);
    const inside = await connect(model.database);
    try {
      warnings.push(...(await bootstrapInside(inside, model, onProgress)));
    } finally {
      await inside.end();
    }
    return { created, warnings };
  } finally {
    await server.end();
  }
}

/**
 * The part within the database: who may come in, the schema, extensions, default privileges. Runs as whoever may act as the owner,
 * also as the owner itself, where somebody else made roles and database (CloudNativePG, an external host). Gives warnings.
 */
export async function bootstrapInside(
  client: ClientBase,
  model: LogicalDatabaseModel,
  onProgress: (line: string) => void = () => undefined,
): Promise<string[]> {
  await client.query(`SET lock_timeout = '${PATIENCE}'`);
  await adopt(client, model);
  await transaction(client, `the grants of ${model.database}`, [...databaseGrants(model), ...schemaGrants(model)]);
  const warnings = await makeExtensions(client, model, onProgress);
  await transaction(client, `the default privileges of ${model.database}`, defaultPrivileges(model));
  await refuseUnsafe(client, model);
  return warnings;
}

function refusePowerless({ user, mayCreateRole, mayCreateDatabase }: ServerFacts, { database }: LogicalDatabaseModel) {
  if (mayCreateRole && mayCreateDatabase) return;
  throw new UserError(
    `The role ${user} may not make roles and databases, so ${database} cannot be made. Connect as the master of the server: a superuser, or a role with CREATEROLE and CREATEDB.`,
  );
}

/** Gives whether the database was made now. */
async function makeDatabase(
  client: ClientBase,
  model: LogicalDatabaseModel,
  onProgress: (line: string) => void,
): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [model.database]);
  if (rowCount === 1) return false;
  await alone(client, `the database ${model.database}`, createDatabase(model));
  onProgress(`database ${model.database} made`);
  return true;
}

async function makeExtensions(
  client: ClientBase,
  { database, extensions }: LogicalDatabaseModel,
  onProgress: (line: string) => void,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const { name: extension, required } of extensions) {
    const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_extension WHERE extname = $1", [extension]);
    if (rowCount === 1) continue;
    try {
      await client.query(createExtension(extension));
      onProgress(`extension ${extension} made in ${database}`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (required)
        throw new UserError(
          `The extension ${extension} cannot be made in ${database}: ${error.message}. Migrations need it; let a superuser run CREATE EXTENSION ${name(extension)} there, and run this again.`,
        );
      warnings.push(`${database} goes without the extension ${extension}: ${error.message}.`);
    }
  }
  return warnings;
}

/** A guest that can become the owner, or owns something, passes by row-level security: then nothing here would protect anything. */
async function refuseUnsafe(client: ClientBase, { database, roles }: LogicalDatabaseModel): Promise<void> {
  const { rows } = await client.query<{ rolname: string; member: boolean; owned: string | null }>(
    `SELECT rolname, pg_has_role(oid, $2, 'MEMBER') AS member,
       (SELECT c.oid::regclass::text FROM pg_catalog.pg_class c WHERE c.relowner = r.oid ORDER BY 1 LIMIT 1) AS owned
     FROM pg_catalog.pg_roles r WHERE rolname = ANY ($1)`,
    [GUESTS.map((kind) => roles[kind].name), roles.owner.name],
  );
  for (const { rolname, member, owned } of rows) {
    if (member)
      throw new UserError(
        `The role ${rolname} is a member of ${roles.owner.name} and so passes by row-level security in ${database}. Run REVOKE ${name(roles.owner.name)} FROM ${name(rolname)}, and then this again.`,
      );
    if (owned !== null)
      throw new UserError(
        `The role ${rolname} owns ${owned} in ${database} and so passes by row-level security. Run there REASSIGN OWNED BY ${name(rolname)} TO ${name(roles.owner.name)}, and then this again.`,
      );
  }
}
