import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { escapeIdentifier } from "pg";
import { type Connection, connectionFrom } from "../schema/connection";
import { catalogueDatabase } from "../tests/servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../tests/servers/postgres";
import { OPTIONS } from "../tests/servers/tools";
import { findPrograms, PGLOADER } from "../tools/debianTool";
import type { BenchSource } from "./promotionData";

const ROLE = "keeper";

/** As a server is: what is committed is on the disk. With an ordinary role that owns the databases. */
export async function benchServer(): Promise<Postgres> {
  const server = await startPostgres({ settings: { fsync: "on", shared_buffers: "512MB", max_wal_size: "4GB" } });
  await server.psql(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${ROLE}'`);
  return server;
}

/** An empty database for a loader, as its owner. */
export async function emptyDatabase(server: Postgres, name: string): Promise<string> {
  await server.psql(`CREATE DATABASE ${name} OWNER ${ROLE}`);
  return `postgresql://${ROLE}:${ROLE}@${server.host}:${server.port}/${name}`;
}

/** An empty target for ours: that of the logical database, or one of no name. */
export async function targetFor(server: Postgres, { catalogue }: BenchSource, name: string): Promise<Connection> {
  const connectionTo = (url: string) => connectionFrom({ LADDER_DATABASE_URL: url, PGSSLMODE: "disable" }, name);
  if (catalogue === undefined) return connectionTo(await emptyDatabase(server, name));
  const database = await catalogueDatabase(server, catalogue);
  // The tests' server is shared by all databases, and each gets few connections of it.
  await server.psql(`ALTER ROLE ${database.user("owner")} CONNECTION LIMIT -1`);
  return connectionTo(database.url("owner"));
}

/** A run of pgloader. It ends with 0 even when all failed: `printed` and the rows tell. */
export interface Loaded {
  readonly seconds: number;
  readonly printed: string;
  /** False when it took longer than it was given, and was stopped. */
  readonly ended: boolean;
}

/** Loads a file with pgloader, with as much memory for its indexes as ours has. */
export async function runPgloader(file: string, url: string, mostMs = 0): Promise<Loaded> {
  const { folder, env } = await findPrograms(PGLOADER, OPTIONS);
  const began = performance.now();
  const child = spawn(join(folder, "pgloader"), ["--set", "maintenance_work_mem='256MB'", `sqlite://${file}`, url], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: mostMs,
    killSignal: "SIGKILL",
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (more: string) => {
      printed += more;
    });
  await once(child, "close");
  return { seconds: (performance.now() - began) / 1000, printed, ended: child.signalCode === null };
}

/** Rows that are in all tables of the schema public. */
export async function rowsIn(server: Postgres, database: string): Promise<number> {
  const tables = await server.psql(
    "SELECT string_agg(format('(SELECT count(*) FROM %s)', oid::regclass), ' + ') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_migrations'",
    database,
  );
  return tables === "" ? 0 : Number(await server.psql(`SELECT ${tables}`, database));
}

/**
 * How long the server itself takes for the rows of tables that are there, out of files beside it: in tables that have what they have while
 * rows are loaded, which is all but the secondary indexes and the foreign keys.
 */
export async function serverCopy(server: Postgres, database: string, tables: readonly string[]): Promise<number> {
  for (const table of tables) {
    const [name, copy] = [escapeIdentifier(table), escapeIdentifier(`${table} copied`)];
    const key = await server.psql(
      `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'public.${name}'::regclass AND contype = 'p'`,
      database,
    );
    await server.psql(
      `CREATE TABLE public.${copy} (LIKE public.${name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED);
       ${key === "" ? "" : `ALTER TABLE public.${copy} ADD ${key};`}
       COPY public.${name} TO '${join(server.home, table)}'`,
      database,
    );
  }
  await server.psql("CHECKPOINT", database);
  const began = performance.now();
  for (const table of tables)
    await server.psql(
      `COPY public.${escapeIdentifier(`${table} copied`)} FROM '${join(server.home, table)}'`,
      database,
    );
  const seconds = (performance.now() - began) / 1000;
  for (const table of tables) await server.psql(`DROP TABLE public.${escapeIdentifier(`${table} copied`)}`, database);
  return seconds;
}
