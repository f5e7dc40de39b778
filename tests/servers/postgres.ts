import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { POSTGRESQL } from "../../tools/debianTool";
import { giveAway, ordinaryUser } from "../support/secondUser";
import { freePort, inFolder, listens, type Server, startServer } from "./process";
import { must, run } from "./run";
import { debianPrograms, type ProgramEnv } from "./tools";

export interface PostgresOptions {
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

/** Starts a PostgreSQL with a database of its own, or on a data folder that is there. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { folder: bin, env: programs } = await debianPrograms(POSTGRESQL);
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
      await must([...ordinaryUser, join(bin, "initdb"), ...how, "-U", USER, `--pwfile=${file}`, data], {
        env,
        cwd: home,
      });
      appendFileSync(join(data, "postgresql.conf"), conf({ fsync: "off", ...options.settings }));
    } else {
      giveAway(home);
      if (options.settings) appendFileSync(join(data, "postgresql.auto.conf"), conf(options.settings));
    }
    const psql = (sql: string, database = "postgres") =>
      must([join(bin, "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"], { env, input: sql });
    const server = await startServer({
      name: "postgres",
      command: join(bin, "postgres"),
      // A value on the command line wins: a base backup brings the port of its primary along.
      args: ["-D", data, "-p", String(port), "-h", HOST, "-k", home],
      env: { ...programs, HOME: home },
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
      log: server.log,
      stop: server.stop,
    };
  });
}

const conf = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
