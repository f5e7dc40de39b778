import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Client, type ClientConfig, DatabaseError } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { codeOf } from "../connectionErrors";
import type { PlannedServer } from "./plan";

/** A connection as a role of the server. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface ConnectOptions {
  readonly database: string;
  readonly login: Login;
  /** What the server sees in pg_stat_activity. */
  readonly applicationName: string;
  /** Seconds in which a server that does not answer yet is tried again. Default: 60. */
  readonly patienceSeconds?: number;
  /** Told once for each failed try. */
  readonly onRetry?: (reason: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const PATIENCE_SECONDS = 60;
const PAUSE_MS = 1000;
const CONNECT_TIMEOUT_MS = 10_000;

/** A server that is starting, failing over, full, or not resolved or let through yet: soon it may take connections. */
const SOON: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "53300",
]);

/** What `pg` is told of encryption. Throws when the certificates cannot be read. */
export function encryptionOf({ host, sslmode, caFile }: PlannedServer): ClientConfig["ssl"] {
  if (sslmode === "disable") return false;
  if (sslmode === "require") return { rejectUnauthorized: false };
  // By itself `pg` compares the certificate of a host that is named by its address with the name localhost.
  const checked = {
    rejectUnauthorized: true,
    checkServerIdentity: (_: string, peer: PeerCertificate) => checkServerIdentity(host, peer),
  };
  if (caFile === undefined) return checked;
  try {
    return { ...checked, ca: readFileSync(caFile, "utf8") };
  } catch {
    throw new UserError(
      `The certificates of the database server cannot be read from ${caFile}. Check what is mounted.`,
    );
  }
}

/** A connection that did not come about. */
export class NotConnected extends UserError {
  constructor(
    message: string,
    /** SQLSTATE, or Node's code; empty where there is none. */
    readonly code: string,
  ) {
    super(message, ExitCode.failed);
    this.name = "NotConnected";
  }
}

/** Connects, with patience for a server that is not there yet. Throws NotConnected, which names server and role, and no password. */
export async function connect(server: PlannedServer, options: ConnectOptions): Promise<Client> {
  const { patienceSeconds = PATIENCE_SECONDS, onRetry, signal } = options;
  const until = Date.now() + patienceSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await connectOnce(server, options);
    } catch (error) {
      const code = codeOf(error);
      if (!SOON.has(code) || Date.now() >= until) throw refused(server, options, error, code);
      onRetry?.(reasonOf(error, code));
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}

async function connectOnce(
  server: PlannedServer,
  { database, login, applicationName }: ConnectOptions,
): Promise<Client> {
  const { host, port } = server;
  const client = new Client({
    host,
    port,
    database,
    user: login.username,
    password: login.password,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ssl: encryptionOf(server),
    keepAlive: true,
    // The platform's SQL means UTC (C-20).
    options: "-c TimeZone=UTC",
  });
  // A connection that is lost between two statements is told by the next one; without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

const reasonOf = (error: unknown, code: string): string =>
  error instanceof DatabaseError ? error.message : code === "" ? messageOf(error) : code;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function refused({ host, port }: PlannedServer, { database, login }: ConnectOptions, error: unknown, code: string) {
  const who = `Role ${login.username} cannot connect to database ${database} at ${host}:${port}`;
  return new NotConnected(`${who}: ${reasonOf(error, code)}. ${hint(code)}`, code);
}

function hint(code: string): string {
  if (code === "28P01" || code === "28000")
    return "Its password or its right to connect is another one; a password that is being rotated is right at the next attempt.";
  if (code === "3D000") return "The database is not there: it is made by pulumi up, or by the operator of the cluster.";
  if (code.startsWith("ERR_TLS") || /CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return "The server's certificate is not trusted: give the certificates of its authority, or ask for sslmode require.";
  if (SOON.has(code))
    return "Check that it runs, and that security groups and network policies let this connection through.";
  return "Check its address, its role and its password.";
}
