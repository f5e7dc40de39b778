import { Client } from "pg";
import type { RoleKind } from "../../../catalogue/roles";
import { roleName } from "../../../catalogue/roles";
import type { MigrationServer } from "../../../components/schema/server";
import { passwordOf } from "../../components/schema/someMigrations";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { encrypt } from "./encrypted";
import { fakeAws } from "./fakeAws";

/** A server as Amazon RDS has one, and a master whose password only its secret knows. */

/** No superuser; its password breaks careless code. */
const MASTER = { username: "platform_master", password: `it's "rotated" $1 100%` };

export interface RdsLike extends Postgres {
  /** Its certificate, PEM. */
  readonly certificate: string;
  readonly master: typeof MASTER;
  /** Programs for pods, with an `aws` that gives the master's secret. */
  readonly aws: ReturnType<typeof fakeAws>;
}

/** What a member of `rds_superuser` may do that a plain role with CREATEROLE and CREATEDB may not. */
const MASTERS_RIGHTS = `
  CREATE EXTENSION pg_cron;
  GRANT USAGE ON SCHEMA cron TO platform_master WITH GRANT OPTION;
  GRANT UPDATE, DELETE ON cron.job TO platform_master;
  CREATE POLICY master ON cron.job TO platform_master USING (true)`;

export async function startRdsLike(): Promise<RdsLike> {
  const server = await startPostgres({ cron: true });
  try {
    const certificate = await encrypt(server);
    const password = MASTER.password.replaceAll("'", "''");
    await server.psql(
      `CREATE ROLE platform_master LOGIN CREATEROLE CREATEDB PASSWORD '${password}'; ${MASTERS_RIGHTS}`,
    );
    const aws = fakeAws(MASTER);
    const stop = async () => {
      aws.remove();
      await server.stop();
    };
    return { ...server, certificate, master: MASTER, aws, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A migration's server as this one. By its name: its certificate is for no address. */
export const at = <Server extends MigrationServer>(where: Server, { port }: Postgres): Server => ({
  ...where,
  host: "localhost",
  port,
});

/** Logs in as a role with the password that its Secret holds, and asks one question. */
export async function ask(server: Postgres, database: string, kind: RoleKind, sql: string): Promise<unknown> {
  const user = roleName(database, kind);
  const client = new Client({
    host: server.host,
    port: server.port,
    database,
    user,
    password: passwordOf(database, kind),
  });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: "array" });
    return rows;
  } finally {
    await client.end();
  }
}

/** Takes every logical database and its roles away again. */
export async function wipe(server: Postgres): Promise<void> {
  await server.psql(`DROP EXTENSION pg_cron; ${MASTERS_RIGHTS}`);
  const names = (sql: string) => server.psql(sql).then((text) => text.split("\n").filter((name) => name !== ""));
  for (const name of await names(
    "SELECT quote_ident(datname) FROM pg_database WHERE datname !~ '^(postgres|template)'",
  ))
    await server.psql(`DROP DATABASE ${name} WITH (FORCE)`);
  for (const role of await names(
    "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^(pg_|postgres|platform_master|rds_)'",
  ))
    await server.psql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
}
