import type { CatalogueName } from "../settings";
import { UserError } from "../settings/errors";
import { connectionLimits, type RoleLimits } from "./connectionLimits";

/**
 * The roles of a logical database, in one place: the SQL of `schema/bootstrap` and the resources of `components/schema` are both
 * made from it, so that both ways give the same server.
 */

/** What each role is for. The owner runs migrations, dumps and archiving; the application owns nothing (C-13, C-36). */
export const ROLE_KINDS = ["owner", "app", "readonly", "replication"] as const;
export type RoleKind = (typeof ROLE_KINDS)[number];

/** Every role that is not the owner. */
export const GUESTS = ["app", "readonly", "replication"] as const satisfies readonly RoleKind[];
export type Guest = (typeof GUESTS)[number];

/** A login role, never superuser, never able to make roles or databases. */
export interface DatabaseRole {
  readonly kind: RoleKind;
  readonly name: string;
  /** Connections that it may have open on one server. */
  readonly connectionLimit: number;
  /** May read the change stream. Amazon RDS has no such attribute to give, but a role `rds_replication`. */
  readonly replication: boolean;
  /** Sees every row. Only the replication role: a first copy that obeyed row-level security would leave rows out in silence. */
  readonly bypassRowLevelSecurity: boolean;
}

/** Kinds of object that the owner's default privileges cover. */
export type ObjectKind = "table" | "sequence" | "function";

/** What a role gets on each object of a kind that the owner makes later in schema `public`. */
export interface DefaultPrivilege {
  readonly role: Guest;
  readonly on: ObjectKind;
  readonly privileges: readonly string[];
}

/** An extension in schema `public`. */
export interface DatabaseExtension {
  readonly name: string;
  /** Migrations use it. One that is not required is left out, with a word about it, where the server refuses it. */
  readonly required: boolean;
}

/** Everything about a logical database that is made before its first migration. */
export interface LogicalDatabaseModel {
  /** Of the catalogue. */
  readonly catalogue: CatalogueName;
  /** On the server; the catalogue's, unless somebody else named it. */
  readonly database: string;
  readonly roles: Readonly<Record<RoleKind, DatabaseRole>>;
  /** Connections to the database by all roles but superusers. */
  readonly connectionLimit: number;
  readonly defaultPrivileges: readonly DefaultPrivilege[];
  readonly extensions: readonly DatabaseExtension[];
}

/** UTF-8 and the C locale, from the template that nobody can have changed (S3-09, C-33). */
export const ENCODING = { encoding: "UTF8", template: "template0", collate: "C", ctype: "C" } as const;

/** Schema of the application's tables, and of the extensions. */
export const SCHEMA = "public";

/**
 * PostgreSQL's own role of exporters, CloudNativePG's among them: its members may come in too, now that PUBLIC may not, and read
 * statistics but no table.
 */
export const MONITORS = "pg_monitor";

/** What each guest may do with the database and the schema: come in and look names up, and make nothing, not even temporary tables. */
export const DATABASE_PRIVILEGES = ["CONNECT"] as const;
export const SCHEMA_PRIVILEGES = ["USAGE"] as const;

/**
 * TRUNCATE, REFERENCES and TRIGGER pass by row-level security, so the application has none of them. Functions are the owner's to
 * give: PUBLIC loses EXECUTE, and schema `ladder` stays closed to all guests.
 */
export const DEFAULT_PRIVILEGES: readonly DefaultPrivilege[] = [
  { role: "app", on: "table", privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"] },
  { role: "app", on: "sequence", privileges: ["USAGE", "SELECT"] },
  { role: "app", on: "function", privileges: ["EXECUTE"] },
  { role: "readonly", on: "table", privileges: ["SELECT"] },
  { role: "readonly", on: "sequence", privileges: ["SELECT"] },
  { role: "readonly", on: "function", privileges: ["EXECUTE"] },
  { role: "replication", on: "table", privileges: ["SELECT"] },
  { role: "replication", on: "sequence", privileges: ["SELECT"] },
];

/** pgcrypto encrypts wallets (C-37) and is trusted: an owner may make it. pg_stat_statements needs the server's own superuser. */
export const EXTENSIONS: readonly DatabaseExtension[] = [
  { name: "pgcrypto", required: true },
  { name: "pg_stat_statements", required: false },
];

/** Where the server has pg_cron, it lives in this database alone (C-17). */
export const MAINTENANCE_DATABASE = "postgres";
export const SCHEDULER_EXTENSION = "pg_cron";

export interface ModelOptions {
  /** Name on the server. Default: the catalogue's. */
  readonly database?: string | undefined;
  /** Names that somebody else gave, such as the user of an external host's URL. Default: `D_owner`, `D`, `D_readonly`, `D_replication`. */
  readonly names?: Partial<Readonly<Record<RoleKind, string>>> | undefined;
  /** Default: those of a server with 200 connections and this database alone. */
  readonly limits?: RoleLimits | undefined;
}

/** PostgreSQL cuts a longer name off in silence. */
const LONGEST_NAME = 63;

/** The model of one logical database. Throws when two roles have one name, or a name is none. */
export function logicalDatabase(catalogue: CatalogueName, options: ModelOptions = {}): LogicalDatabaseModel {
  const { database = catalogue, names, limits = connectionLimits() } = options;
  const role = (kind: RoleKind): DatabaseRole => ({
    kind,
    name: names?.[kind] ?? roleName(database, kind),
    connectionLimit: limits[kind],
    replication: kind === "replication",
    bypassRowLevelSecurity: kind === "replication",
  });
  const roles = {
    owner: role("owner"),
    app: role("app"),
    readonly: role("readonly"),
    replication: role("replication"),
  };
  checkNames(database, roles);
  return {
    catalogue,
    database,
    roles,
    connectionLimit: limits.database,
    defaultPrivileges: DEFAULT_PRIVILEGES,
    extensions: EXTENSIONS,
  };
}

/** The application's role is named as its database (S1-40, S4-15); the others carry their purpose behind it. */
export const roleName = (database: string, kind: RoleKind): string =>
  kind === "app" ? database : `${database}_${kind}`;

function checkNames(database: string, roles: LogicalDatabaseModel["roles"]): void {
  for (const name of [database, ...ROLE_KINDS.map((kind) => roles[kind].name)]) {
    const bytes = Buffer.byteLength(name);
    if (bytes === 0 || bytes > LONGEST_NAME || name.includes("\0"))
      throw new UserError(
        `${JSON.stringify(name)} cannot be a name in PostgreSQL; a name has 1 to ${LONGEST_NAME} bytes. Choose another one.`,
      );
    if (name.startsWith("pg_") || name === "public" || name === "none")
      throw new UserError(`PostgreSQL keeps the name ${name} to itself. Choose another one.`);
  }
  const seen = new Map<string, RoleKind>();
  for (const kind of ROLE_KINDS) {
    const other = seen.get(roles[kind].name);
    if (other !== undefined)
      throw new UserError(
        `The ${other} role and the ${kind} role of ${database} are both named ${roles[kind].name}; row-level security needs roles of their own. Give them different names.`,
      );
    seen.set(roles[kind].name, kind);
  }
}
