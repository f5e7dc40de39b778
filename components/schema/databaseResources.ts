import type * as postgresql from "@pulumi/postgresql";
import {
  DATABASE_PRIVILEGES,
  type DatabaseRole,
  ENCODING,
  GUESTS,
  type LogicalDatabaseModel,
  MONITORS,
  SCHEMA,
  SCHEMA_PRIVILEGES,
} from "../../catalogue/roles";

/** The model of a logical database as resources of the PostgreSQL provider; `schema/bootstrap` makes the same by SQL. */

/** Whose server it is. Amazon RDS gives no attribute to replicate or to see every row, but a role for the first. */
export type PostgresHost = "rds" | "plain";

/** Everybody, in the provider's words. */
const PUBLIC = "public";

/** What a resource is made of, and the end of its name. */
export interface Named<T> {
  readonly name: string;
  readonly args: T;
}

/** Without the password. Attributes that a role must not have are said, so that a change by hand is seen as drift. */
export const roleArgs = (role: DatabaseRole, host: PostgresHost): postgresql.RoleArgs => ({
  name: role.name,
  login: true,
  inherit: true,
  superuser: false,
  createRole: false,
  createDatabase: false,
  connectionLimit: role.connectionLimit,
  replication: role.replication && host === "plain",
  bypassRowLevelSecurity: role.bypassRowLevelSecurity && host === "plain",
  roles: role.replication && host === "rds" ? ["rds_replication"] : [],
});

export const databaseArgs = ({ database, roles, connectionLimit }: LogicalDatabaseModel): postgresql.DatabaseArgs => ({
  name: database,
  owner: roles.owner.name,
  template: ENCODING.template,
  encoding: ENCODING.encoding,
  lcCollate: ENCODING.collate,
  lcCtype: ENCODING.ctype,
  connectionLimit,
});

export const schemaArgs = ({ database, roles }: LogicalDatabaseModel): postgresql.SchemaArgs => ({
  name: SCHEMA,
  database,
  owner: roles.owner.name,
});

/** Nothing for PUBLIC, and for each guest and who monitors the way in. No grant on tables: it would open partitions that are closed (partitions.sql). */
export function grantArgs({ database, roles }: LogicalDatabaseModel): Named<postgresql.GrantArgs>[] {
  const grants = (whom: string, role: string, connect: readonly string[], usage: readonly string[]) => [
    { name: `${whom}-connect`, args: { role, database, objectType: "database", privileges: [...connect] } },
    { name: `${whom}-usage`, args: { role, database, schema: SCHEMA, objectType: "schema", privileges: [...usage] } },
  ];
  return [
    ...grants("public", PUBLIC, [], []),
    ...GUESTS.flatMap((kind) => grants(kind, roles[kind].name, DATABASE_PRIVILEGES, SCHEMA_PRIVILEGES)),
    ...grants("monitors", MONITORS, DATABASE_PRIVILEGES, SCHEMA_PRIVILEGES),
  ];
}

/** The owner's default privileges. PUBLIC's EXECUTE is given for all schemas at once, and can only be taken away so. */
export const defaultPrivilegesArgs = ({
  database,
  roles,
  defaultPrivileges,
}: LogicalDatabaseModel): Named<postgresql.DefaultPrivilegesArgs>[] => [
  {
    name: "public-function",
    args: { role: PUBLIC, database, owner: roles.owner.name, objectType: "function", privileges: [] },
  },
  ...defaultPrivileges.map(({ role, on, privileges }) => ({
    name: `${role}-${on}`,
    args: {
      role: roles[role].name,
      database,
      owner: roles.owner.name,
      schema: SCHEMA,
      objectType: on,
      privileges: [...privileges],
    },
  })),
];

export const extensionArgs = ({ database, extensions }: LogicalDatabaseModel): Named<postgresql.ExtensionArgs>[] =>
  extensions.map(({ name }) => ({ name, args: { name, database, schema: SCHEMA } }));
