import {
  DATABASE_PRIVILEGES,
  ENCODING,
  GUESTS,
  type LogicalDatabaseModel,
  MONITORS,
  type ObjectKind,
  SCHEMA,
  SCHEMA_PRIVILEGES,
} from "../../catalogue/roles";
import { literal, name } from "./quote";

/**
 * A database of its own encoding and locale, whatever the server's are. `LOCALE_PROVIDER` because a template of ICU's would keep ICU's
 * order under the name C (PostgreSQL 15 and later). It cannot stand in a transaction.
 */
export const createDatabase = ({ database, roles, connectionLimit }: LogicalDatabaseModel): string =>
  [
    `CREATE DATABASE ${name(database)} OWNER ${name(roles.owner.name)} TEMPLATE ${ENCODING.template}`,
    `ENCODING ${literal(ENCODING.encoding)} LOCALE_PROVIDER libc`,
    `LC_COLLATE ${literal(ENCODING.collate)} LC_CTYPE ${literal(ENCODING.ctype)} CONNECTION LIMIT ${connectionLimit}`,
  ].join(" ");

/** Who may come in: the three guests and who monitors, and not PUBLIC, which PostgreSQL lets in and gives temporary tables by default. */
export function databaseGrants({ database, roles }: LogicalDatabaseModel): string[] {
  const guests = GUESTS.map((kind) => name(roles[kind].name)).join(", ");
  return [
    `REVOKE ALL ON DATABASE ${name(database)} FROM PUBLIC, ${guests}`,
    `GRANT ${DATABASE_PRIVILEGES.join(", ")} ON DATABASE ${name(database)} TO ${guests}, ${name(MONITORS)}`,
  ];
}

/** The schema belongs to the owner, and the others look names up in it. */
export function schemaGrants({ roles }: LogicalDatabaseModel): string[] {
  const guests = GUESTS.map((kind) => name(roles[kind].name)).join(", ");
  return [
    `ALTER SCHEMA ${name(SCHEMA)} OWNER TO ${name(roles.owner.name)}`,
    `REVOKE ALL ON SCHEMA ${name(SCHEMA)} FROM PUBLIC, ${guests}`,
    `GRANT ${SCHEMA_PRIVILEGES.join(", ")} ON SCHEMA ${name(SCHEMA)} TO ${guests}, ${name(MONITORS)}`,
  ];
}

const OBJECTS: Readonly<Record<ObjectKind, string>> = { table: "TABLES", sequence: "SEQUENCES", function: "FUNCTIONS" };

/**
 * What guests get on each object that the owner makes later. PUBLIC's EXECUTE is given for all schemas at once, and can only be taken
 * away so. No grant on tables that are there: a partition of its own name must stay closed (partitions.sql).
 */
export function defaultPrivileges({ roles, defaultPrivileges }: LogicalDatabaseModel): string[] {
  const owner = `ALTER DEFAULT PRIVILEGES FOR ROLE ${name(roles.owner.name)}`;
  return [
    `${owner} REVOKE ALL ON FUNCTIONS FROM PUBLIC`,
    ...defaultPrivileges.map(
      ({ role, on, privileges }) =>
        `${owner} IN SCHEMA ${name(SCHEMA)} GRANT ${privileges.join(", ")} ON ${OBJECTS[on]} TO ${name(roles[role].name)}`,
    ),
  ];
}

export const createExtension = (extension: string, schema: string = SCHEMA): string =>
  `CREATE EXTENSION IF NOT EXISTS ${name(extension)} SCHEMA ${name(schema)}`;
