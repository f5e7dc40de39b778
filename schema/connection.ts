import { readFileSync } from "node:fs";
import { Client, type ClientConfig } from "pg";
import { ExitCode, UserError } from "../settings/errors";
import { codeOf } from "./connectionErrors";

/** Where to connect, read from the environment: a password has no place on a command line. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Undefined: as libpq, the name of the user of this machine. */
  readonly user?: string;
  /** Undefined: from PGPASSFILE or ~/.pgpass, where it is there. */
  readonly password?: string;
  readonly sslmode: SslMode;
  /** File with the certificates (PEM) to trust. */
  readonly sslrootcert?: string;
  readonly connectTimeoutSeconds: number;
}

/** As libpq means them: `require` believes any certificate (unless a root certificate is given), `verify-full` checks name and authority. */
export const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof SSL_MODES)[number];

export const URL_VARIABLE = "LADDER_DATABASE_URL";

const PARAMETERS = ["sslmode", "sslrootcert", "connect_timeout"] as const;
const APPLICATION = "ladder";

/**
 * The connection that the environment names: `LADDER_DATABASE_URL`, and what it leaves open from libpq's variables (PGHOST, PGPORT,
 * PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE, PGSSLROOTCERT, PGCONNECT_TIMEOUT). Throws a `UserError` that names the variable; it never
 * shows the URL, which may hold a password.
 */
export function connectionFrom(env: NodeJS.ProcessEnv, defaultDatabase: string): Connection {
  const url = urlOf(env);
  const given = { ...fromVariables(env), ...url };
  if (given.host === undefined)
    throw new UserError(
      `Which server? Set PGHOST (with PGPORT, PGUSER, PGPASSWORD, PGSSLMODE as needed), or ${URL_VARIABLE}=postgresql://<owner>:<password>@<host>:<port>/<database>.`,
    );
  const { host, database = defaultDatabase, user, password, sslrootcert } = given;
  return {
    host,
    port: port(given.port ?? "5432", "PGPORT"),
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(sslrootcert === undefined ? {} : { sslrootcert }),
    sslmode: sslMode(given.sslmode ?? "prefer"),
    connectTimeoutSeconds: seconds(given.connect_timeout ?? "10"),
  };
}

type Given = Partial<Record<"host" | "port" | "database" | "user" | "password" | (typeof PARAMETERS)[number], string>>;

const present = (values: Readonly<Record<string, string | undefined>>): Given =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));

const fromVariables = (env: NodeJS.ProcessEnv): Given =>
  present({
    host: env.PGHOST,
    port: env.PGPORT,
    database: env.PGDATABASE,
    user: env.PGUSER,
    password: env.PGPASSWORD,
    sslmode: env.PGSSLMODE,
    sslrootcert: env.PGSSLROOTCERT,
    connect_timeout: env.PGCONNECT_TIMEOUT,
  });

function urlOf(env: NodeJS.ProcessEnv): Given {
  const text = env[URL_VARIABLE];
  if (text === undefined || text === "") return {};
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "")
    throw new UserError(
      `${URL_VARIABLE} is no URL of a PostgreSQL database. Allowed: postgresql://<owner>:<password>@<host>:<port>/<database>?sslmode=<mode>, with every character of the password that is no letter or digit percent-encoded.`,
    );
  const unknown = [...url.searchParams.keys()].find((key) => !PARAMETERS.some((known) => known === key));
  if (unknown !== undefined)
    throw new UserError(`${URL_VARIABLE} has a parameter ${unknown}. Allowed: ${PARAMETERS.join(", ")}.`);
  return present({
    host: decoded(url.hostname.replace(/^\[(.*)\]$/, "$1")),
    port: url.port,
    database: decoded(url.pathname.slice(1)),
    user: decoded(url.username),
    password: decoded(url.password),
    ...Object.fromEntries(url.searchParams),
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UserError(`${URL_VARIABLE} has a % that begins no percent-encoded character; write it as %25.`);
  }
}

function sslMode(value: string): SslMode {
  const mode = SSL_MODES.find((known) => known === value);
  if (mode === undefined) throw new UserError(`PGSSLMODE or sslmode is ${value}. Allowed: ${SSL_MODES.join(", ")}.`);
  return mode;
}

function port(value: string, variable: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 65_535)
    throw new UserError(`${variable} is ${value}. Allowed: 1 to 65535.`);
  return number;
}

function seconds(value: string): number {
  if (!/^\d+$/.test(value))
    throw new UserError(`PGCONNECT_TIMEOUT is ${value}. Allowed: whole seconds; 0 is no limit.`);
  return Number(value);
}

/** Connects. Throws a `UserError` in one line, without the password: wrong credentials or names (exit code 2), or not reachable (1). */
export async function connect(connection: Connection): Promise<Client> {
  const encrypted = connection.sslmode !== "disable" && connection.sslmode !== "allow";
  try {
    return await attempt(connection, encrypted);
  } catch (error) {
    if (connection.sslmode !== "prefer" || !/does not support SSL/i.test(String(error)))
      throw refused(connection, error);
  }
  return attempt(connection, false).catch((error: unknown) => {
    throw refused(connection, error);
  });
}

async function attempt(connection: Connection, encrypted: boolean): Promise<Client> {
  const { host, port, database, user, password, connectTimeoutSeconds } = connection;
  const client = new Client({
    host,
    port,
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ssl: encrypted ? encryption(connection) : false,
    connectionTimeoutMillis: connectTimeoutSeconds * 1000,
    application_name: APPLICATION,
    keepAlive: true,
  });
  // Without a listener, a session that ends between two questions would end the process; the next question tells it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

function encryption({ sslmode, sslrootcert }: Connection): Exclude<ClientConfig["ssl"], undefined> {
  const ca = sslrootcert === undefined ? {} : { ca: certificates(sslrootcert) };
  if (sslmode === "verify-full") return { rejectUnauthorized: true, ...ca };
  const anyName = { checkServerIdentity: () => undefined };
  const trusted = sslmode === "verify-ca" || (sslmode === "require" && sslrootcert !== undefined);
  return trusted ? { rejectUnauthorized: true, ...ca, ...anyName } : { rejectUnauthorized: false };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`PGSSLROOTCERT names ${file}, which cannot be read (${codeOf(error)}).`);
  }
}

function refused({ host, port, database, user }: Connection, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error);
  const place = `${host}:${port}`;
  const who = user === undefined ? "This user" : `Role ${user}`;
  const reason = (error instanceof Error && error.message !== "" ? error.message : code).split("\n")[0];
  if (code === "28P01" || code === "28000")
    return new UserError(
      `${who} may not connect to database ${database} at ${place}: ${reason}. Look at PGUSER and PGPASSWORD.`,
    );
  if (code === "3D000")
    return new UserError(
      `There is no database ${database} at ${place}. Bring up the stack that makes it, or set PGDATABASE.`,
    );
  if (code === "42501")
    return new UserError(
      `${who} may not connect to database ${database} at ${place}: ${reason}. Connect as its owner.`,
    );
  const next = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|SSL/.test(`${code} ${reason}`)
    ? "Look at PGSSLMODE and PGSSLROOTCERT."
    : "Look whether it runs, and whether it is reached from here; a server in a private network is worked on from inside it.";
  return new UserError(`No connection to database ${database} at ${place}: ${reason}. ${next}`, ExitCode.failed);
}
