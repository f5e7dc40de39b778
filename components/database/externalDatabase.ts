import * as pulumi from "@pulumi/pulumi";
import type { PostgresqlEndpoint } from "../endpoints";

export interface ExternalDatabaseArgs {
  /** `postgresql://user:password@host:port/database?sslmode=…`, percent-encoded, as a hosting service shows it. Secret. */
  readonly url: string;
  /** Clients in the pool of one application process. */
  readonly poolMax: number;
}

/**
 * PostgreSQL that somebody else runs (Supabase, Render, Heroku): nothing is made, its connection string becomes an endpoint. Its
 * backups, its size and its versions are its owner's.
 */
export class ExternalDatabase extends pulumi.ComponentResource {
  readonly endpoint: PostgresqlEndpoint;

  constructor(name: string, { url, poolMax }: ExternalDatabaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const parts = partsOf(url);
    super("scaling-ladder:database:ExternalDatabase", name, { kind: "postgresql", host: parts.host }, opts);
    const { host, port, database, sslmode } = parts;
    this.endpoint = {
      kind: "postgresql",
      host: pulumi.output(host),
      port,
      name: database,
      username: pulumi.secret(parts.username),
      password: pulumi.secret(parts.password),
      sslmode,
      poolMax,
    };
    this.registerOutputs({ host, port });
  }
}

interface UrlParts {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly sslmode: "require" | "verify-full";
}

/** The parts of a connection string. Whoever leaves sslmode out, or asks for less, gets `require`: the way leads through the internet. */
export function partsOf(text: string): UrlParts {
  const url = new URL(text);
  const path = decodeURIComponent(url.pathname.replace(/^\//, ""));
  return {
    host: url.hostname,
    port: url.port === "" ? 5432 : Number(url.port),
    // libpq's default: the database is named as its user.
    database: path === "" ? decodeURIComponent(url.username) : path,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    sslmode: url.searchParams.get("sslmode") === "verify-full" ? "verify-full" : "require",
  };
}
