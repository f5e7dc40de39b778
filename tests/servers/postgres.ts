import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { POSTGRESQL, POSTGRESQL_CRON } from "../../tools/debianTool";
import type { PostgresVersion } from "../../tools/npmPostgres";
import { giveAway, ordinaryUser } from "../support/secondUser";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { must, run } from "./run";
import { debianPrograms, type ProgramEnv, postgresServer } from "./tools";

export interface PostgresOptions {
  /** Major of the server, which then comes from npm. Default: whatever Debian has, 15 on Debian 12. The clients are always Debian's. */
  readonly version?: PostgresVersion;
  /** Debian's server with pg_cron ready to be created in the database `postgres`; not together with `version`. Default: false. */
  readonly cron?: boolean;
  /** Parameters for postgresql.conf, for example `{ wal_level: "logical" }`. They win over the test's own `fsync = off`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Of the superuser. Default: one with a quote, a blank and a percent sign, which careless scripts break on. */
  readonly password?: string;
  /** A data folder that is there already, for example one that pg_basebackup made: it is started as it is, and kept. */
  readonly data?: string;
}

export interface Postgres extends Pick<Server, "log" | "stop"> {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The data folder. It belongs to the ordinary user when the tests run as root. */
  readonly folder: string;
  /** A folder of the server's owner, for sockets, archives and base backups. It goes with the server. */
  readonly home: string;
  /** The folder of psql, pg_dump and the others. */
  readonly bin: string;
  /** PGHOST, PGPORT, PGUSER, PGPASSWORD, and what the programs need to be found: complete for a child process. */
  readonly env: ProgramEnv & Readonly<Record<"PGHOST" | "PGPORT" | "PGUSER" | "PGPASSWORD" | "HOME", string>>;
  /** What a command is run through to be the owner of the server's files: nothing, unless the tests run as root. */
  readonly owner: readonly string[];
  /** The URL of a database. Default: postgres. */
  url(database?: string): string;
  /** Runs SQL, each statement for itself; gives the rows, unaligned, with `|` between columns. Throws at the first error. */
  psql(sql: string, database?: string): Promise<string>;
}

const PASSWORD = "it's a 100% test";
const HOST = "127.0.0.1";
const USER = "postgres";

/** What a server needs to run jobs of pg_cron. Background workers need no password of the owner of a job; a connection would. */
const CRON = {
  shared_preload_libraries: "pg_cron",
  "cron.database_name": "postgres",
  "cron.use_background_workers": "on",
  max_worker_processes: "20",
};

/** Starts a PostgreSQL with a database of its own, or on a data folder that is there. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { folder: bin, env: programs } = await debianPrograms(options.cron ? POSTGRESQL_CRON : POSTGRESQL);
  const own = options.version === undefined ? undefined : await postgresServer(options.version);
  if (own && options.cron)
    throw new Error("startPostgres: pg_cron comes with Debian's server, of no version to choose.");
  const server = own ?? { folder: bin, env: programs };
  return inFolder(async (folder) => {
    const password = options.password ?? PASSWORD;
    const port = await freePort();
    const home = join(folder, "home");
    const data = options.data ?? join(home, "data");
    const env = {
      ...programs,
      PGHOST: HOST,
      PGPORT: String(port),
      PGUSER: USER,
      PGPASSWORD: password,
      HOME: home,
    };
    mkdirSync(home);
    chmodSync(folder, 0o755);
    if (options.data === undefined) {
      const file = join(home, "password");
      writeFileSync(file, password);
      giveAway(home);
      const how = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"];
      await must([...ordinaryUser, join(server.folder, "initdb"), ...how, "-U", USER, `--pwfile=${file}`, data], {
        env: { ...server.env, HOME: home },
        cwd: home,
      });
      const settings = { fsync: "off", ...(options.cron ? CRON : {}), ...options.settings };
      appendFileSync(join(data, "postgresql.conf"), conf(settings));
    } else {
      giveAway(home);
      if (options.settings) appendFileSync(join(data, "postgresql.auto.conf"), conf(options.settings));
    }
    const psql = (sql: string, database = "postgres") =>
      must([join(bin, "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"], { env, input: sql });
    const running = await startServer({
      name: "postgres",
      command: join(server.folder, "postgres"),
      // A value on the command line wins: a base backup brings the port of its primary along.
      args: ["-D", data, "-p", String(port), "-h", HOST, "-k", home],
      env: { ...server.env, HOME: home },
      folder,
      through: ordinaryUser,
      // Fast: clients are cut off. SIGTERM would wait for them.
      signal: "SIGINT",
      ready: async () => (await listens(port)) && (await run([join(bin, "pg_isready"), "-q"], { env })).code === 0,
    });
    return {
      host: HOST,
      port,
      user: USER,
      password,
      folder: data,
      home,
      bin,
      env,
      owner: ordinaryUser,
      url: (database = "postgres") =>
        `postgresql://${USER}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`,
      psql: async (sql, database) => (await psql(sql, database)).trimEnd(),
      log: running.log,
      stop: running.stop,
    };
  });
}

const conf = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
