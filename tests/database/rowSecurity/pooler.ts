import type { Duplex } from "node:stream";
import { Client } from "pg";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type PgBouncer, startPgBouncer } from "../../servers/pgBouncer";
import type { Postgres } from "../../servers/postgres";
import type { Guarded } from "./guarded";

export interface PoolerOptions {
  /** Connections to the server for each database and role. 1 gives every client the connection of the one before. */
  readonly size: number;
  /** Further lines of the section [pgbouncer]. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Pooler extends Pick<PgBouncer, "stop" | "log"> {
  /** The application's role through the pooler. */
  connect(catalogue: Guarded["catalogue"], stream?: () => Duplex): Promise<Client>;
}

/** A PgBouncer in transaction pooling, as the ladder's poolers are. */
export async function startPooler(
  server: Postgres,
  databases: Readonly<Record<Guarded["catalogue"], CatalogueDatabase>>,
  { size, settings = {} }: PoolerOptions,
): Promise<Pooler> {
  const all = Object.values(databases);
  const ini = [
    "[databases]",
    ...all.map(({ name }) => `${name} = host=${server.host} port=${server.port} dbname=${name}`),
    "[pgbouncer]",
    "pool_mode = transaction",
    "auth_type = plain",
    "max_client_conn = 200",
    `default_pool_size = ${size}`,
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
  ].join("\n");
  const users = Object.fromEntries(all.map((one) => [one.user("app"), one.password("app")]));
  const bouncer = await startPgBouncer({ ini, users });
  return {
    log: bouncer.log,
    stop: bouncer.stop,
    connect: async (catalogue, stream) => {
      const client = new Client({
        host: bouncer.host,
        port: bouncer.port,
        user: databases[catalogue].user("app"),
        password: databases[catalogue].password("app"),
        database: catalogue,
        ...(stream ? { stream } : {}),
      });
      client.on("error", () => undefined);
      await client.connect();
      return client;
    },
  };
}
