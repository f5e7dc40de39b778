import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { Client } from "pg";
import { type Migration, migrationOf } from "../../../catalogue/migrations";
import type { Postgres } from "../../servers/postgres";

/** A migration that makes one table and notes once that it ran; it takes a while, and as long again as table `slow` says. */
const step = (version: number): Migration =>
  migrationOf(
    version,
    `step_${version}`,
    `${version === 1 ? "CREATE TABLE log (step int, part text);\nCREATE TABLE slow (step int, seconds float8);\n" : ""}
INSERT INTO log VALUES (${version}, 'begun');
CREATE TABLE made_${version} (id serial PRIMARY KEY, value text NOT NULL DEFAULT 'v${version}');
SELECT pg_sleep(0.03 + coalesce((SELECT sum(seconds) FROM slow WHERE step = ${version}), 0));
CREATE INDEX made_${version}_value ON made_${version} (value);
INSERT INTO made_${version} (value) SELECT 'row ' || n FROM generate_series(1, 20) AS n;
INSERT INTO log VALUES (${version}, 'done');
`,
  );

/** Migrations of nobody's catalogue. */
export const steps = (count: number): Migration[] => Array.from({ length: count }, (_, index) => step(index + 1));

/** A database that nobody has used. */
export interface Fresh {
  readonly name: string;
  readonly url: string;
  /** A connection as the superuser, who owns it; the test ends it, or the server does. */
  connect(url?: string): Promise<Client>;
}

/** With `from`, a copy of that database, to which nobody may be connected. */
export async function freshDatabase(server: Postgres, from = "template0"): Promise<Fresh> {
  const name = `fresh_${randomBytes(6).toString("hex")}`;
  const postgres = databaseOn(server, "postgres");
  await connected(postgres, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from}`));
  return databaseOn(server, name);
}

/** A database that is there, for example after its server was started again. */
export function databaseOn(server: Postgres, name: string): Fresh {
  return {
    name,
    url: server.url(name),
    connect: async (url = server.url(name)) => {
      const client = new Client({ connectionString: url });
      client.on("error", () => undefined);
      await client.connect();
      return client;
    },
  };
}

/** Runs `work` with a connection of its own. */
export async function connected<T>(database: Fresh, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await database.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What a database has of `steps`, in every place where it is noted. */
export interface Progressed {
  readonly recorded: string[];
  readonly checksums: string[];
  readonly log: string[];
  readonly tables: string[];
}

export function progressOf(database: Fresh): Promise<Progressed> {
  return connected(database, async (client) => {
    const lines = async (sql: string) => (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line);
    const read = async (table: string, sql: string) =>
      (await lines(`SELECT to_regclass('${table}')::text AS line`))[0] === null ? [] : lines(sql);
    return {
      recorded: await read("ladder.migrations", "SELECT name AS line FROM ladder.migrations ORDER BY id"),
      checksums: await read("ladder.checksums", "SELECT name AS line FROM ladder.checksums ORDER BY name"),
      log: await read("public.log", "SELECT step || ' ' || part AS line FROM public.log ORDER BY step, part"),
      tables: await lines(
        "SELECT c.relname || ' ' || (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) AS line FROM pg_class AS c WHERE relname ~ '^made_[0-9]+$' ORDER BY 1",
      ),
    };
  });
}

/** What a database must have after the first `count` of `steps`. */
export function progressAfter(count: number): Progressed {
  const each = <T>(make: (version: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index + 1));
  const names = each((version) => `000${version}_step_${version}`);
  return {
    recorded: names,
    checksums: names,
    log: each((version) => [`${version} begun`, `${version} done`]).flat(),
    tables: each((version) => `made_${version} 2`),
  };
}

/** Bundles the runner as the migration job does, so that it starts quickly and needs nothing beside Node. Gives the file. */
export function bundleRunner(folder: string): string {
  const outfile = join(folder, "runner.cjs");
  const leftOut = join(__dirname, "../../../schema/leftOut.ts");
  buildSync({
    entryPoints: [join(__dirname, "runSteps.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["pg-native"],
    alias: { glob: leftOut, jiti: leftOut },
    outfile,
    logLevel: "silent",
  });
  return outfile;
}
