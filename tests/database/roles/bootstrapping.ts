import { Client } from "pg";
import { logicalDatabase, type ModelOptions, type RoleKind } from "../../../catalogue/roles";
import { type Bootstrapped, bootstrapDatabase, type RolePasswords } from "../../../schema/bootstrap";
import type { CatalogueName } from "../../../settings";
import type { Postgres } from "../../servers/postgres";

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A master as Amazon RDS makes it: no superuser, but it may make roles and databases. */
export const MASTER: Login = { user: "platform_master", password: "the master's 100% own" };

export const makeMaster = (server: Postgres): Promise<string> =>
  server.psql(
    `CREATE ROLE ${MASTER.user} LOGIN CREATEROLE CREATEDB PASSWORD '${MASTER.password.replaceAll("'", "''")}'`,
  );

/** Those roles of Amazon RDS that matter here, and the master's right to hand one on. */
export const makeRds = (server: Postgres): Promise<string> =>
  server.psql(`CREATE ROLE rds_replication; GRANT rds_replication TO ${MASTER.user} WITH ADMIN OPTION`);

export const passwordsFor = (database: string): Readonly<Record<RoleKind, string>> => ({
  owner: `${database} owner's 100%`,
  app: `${database} app's 100%`,
  readonly: `${database} readonly's 100%`,
  replication: `${database} replication's 100%`,
});

export async function connectTo(
  { host, port }: Postgres,
  database: string,
  { user, password }: Login,
): Promise<Client> {
  const client = new Client({ host, port, database, user, password });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

export interface BootstrapAsOptions {
  readonly login?: Login;
  readonly model?: ModelOptions;
  readonly passwords?: RolePasswords;
}

/** Bootstraps one logical database as somebody, by default as the server's superuser. Gives the progress too. */
export async function bootstrapAs(
  server: Postgres,
  catalogue: CatalogueName,
  { login = server, model: options, passwords }: BootstrapAsOptions = {},
): Promise<Bootstrapped & { readonly progress: readonly string[] }> {
  const model = logicalDatabase(catalogue, options);
  const progress: string[] = [];
  const done = await bootstrapDatabase({
    model,
    connect: (database) => connectTo(server, database, login),
    passwords: passwords ?? passwordsFor(model.database),
    onProgress: (line) => progress.push(line),
  });
  return { ...done, progress };
}

/** A client of one of the roles. */
export function connectAs(server: Postgres, database: string, kind: RoleKind): Promise<Client> {
  const { roles } = logicalDatabase("circle", { database });
  return connectTo(server, database, { user: roles[kind].name, password: passwordsFor(database)[kind] });
}

/** Runs one thing with a client, and ends it. */
export async function using<T>(client: Promise<Client>, run: (client: Client) => Promise<T>): Promise<T> {
  const connected = await client;
  try {
    return await run(connected);
  } finally {
    await connected.end();
  }
}
