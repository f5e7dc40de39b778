import { join } from "node:path";
import { Client } from "pg";
import { connectionLimits } from "../../catalogue/connectionLimits";
import { loadMigrations } from "../../catalogue/migrations";
import { logicalDatabase, ROLE_KINDS, type RoleKind } from "../../catalogue/roles";
import { applyMigrations } from "../../schema/apply";
import { bootstrapDatabase } from "../../schema/bootstrap";
import type { CatalogueName } from "../../settings";
import { CATALOGUE_NAMES } from "../../settings/fields";
import type { Postgres } from "./postgres";
import { must } from "./run";

/** Who connects: a role of the logical database, or the server's superuser. */
export type As = RoleKind | "superuser";

export interface CatalogueDatabase {
  /** On the server: the catalogue's. */
  readonly name: CatalogueName;
  /** Password of a role, as the URL has it percent-encoded. */
  password(as: As): string;
  /** Name of a role on the server. */
  user(as: As): string;
  /** Default: the application's. */
  url(as?: As): string;
  /** A connected client, to be ended by whoever asked for it; those that were forgotten are ended with the server. */
  connect(as?: As): Promise<Client>;
  /** Runs SQL, each statement for itself; gives the rows, unaligned, with `|` between columns. Throws at the first error. */
  psql(sql: string, as?: As): Promise<string>;
}

export interface CatalogueDatabaseOptions {
  /** How many migrations it gets, from the first. Default: all. */
  readonly upTo?: number;
}

/** A quote, a blank, a percent sign and a slash, which careless code breaks on. */
const password = (as: RoleKind): string => `${as}'s 100%/pass`;

/** Makes the roles and the database of a logical database on a server, as production does it, and applies its migrations. */
export async function catalogueDatabase(
  server: Postgres,
  name: CatalogueName,
  { upTo }: CatalogueDatabaseOptions = {},
): Promise<CatalogueDatabase> {
  // As if all of them were on the server, though with room for the load tests.
  const model = logicalDatabase(name, { limits: connectionLimits({ app: 100, databases: CATALOGUE_NAMES.length }) });
  const user = (as: As): string => (as === "superuser" ? server.user : model.roles[as].name);
  const secret = (as: As): string => (as === "superuser" ? server.password : password(as));
  const urlOf = (as: As, database: string = name): string =>
    `postgresql://${encodeURIComponent(user(as))}:${encodeURIComponent(secret(as))}@${server.host}:${server.port}/${database}`;
  const connect = async (as: As, database: string = name): Promise<Client> => {
    const client = new Client({ connectionString: urlOf(as, database) });
    // The server may go first, at the end of a test.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  await bootstrapDatabase({
    model,
    connect: (database) => connect("superuser", database),
    passwords: Object.fromEntries(ROLE_KINDS.map((kind) => [kind, password(kind)])),
  });
  const psql = (args: readonly string[], as: As, input = ""): Promise<string> =>
    must([join(server.bin, "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", name, ...args], {
      env: { ...server.env, PGUSER: user(as), PGPASSWORD: secret(as) },
      input,
    });
  await migrate(connect, name, upTo);
  return {
    name,
    password: secret,
    user,
    url: (as = "app") => urlOf(as),
    connect: (as = "app") => connect(as),
    psql: async (sql, as = "app") => (await psql(["-f", "-"], as, sql)).trimEnd(),
  };
}

/** As the owner, by the same runner as everywhere else. Before the first migration there is the runner's schema and nothing in it. */
async function migrate(connect: (as: As) => Promise<Client>, name: CatalogueName, upTo?: number): Promise<void> {
  const client = await connect("owner");
  try {
    if (upTo === 0) await client.query("CREATE SCHEMA IF NOT EXISTS ladder");
    else
      await applyMigrations({
        client,
        database: name,
        migrations: loadMigrations(name, "postgresql").slice(0, upTo),
      });
  } finally {
    await client.end();
  }
}
