import type { DatabaseRole } from "../../catalogue/roles";
import { UserError } from "../../settings/errors";
import { literal, name } from "./quote";
import type { ServerFacts } from "./server";

/** A role as `pg_roles` shows it. */
export interface RoleFacts {
  readonly rolsuper: boolean;
  readonly rolcreaterole: boolean;
  readonly rolcreatedb: boolean;
  readonly rolcanlogin: boolean;
  readonly rolinherit: boolean;
  readonly rolreplication: boolean;
  readonly rolbypassrls: boolean;
  readonly rolconnlimit: number;
}

/**
 * The statement that makes a role, or brings one that is there to the model; undefined when nothing is to do. Only what differs is
 * named: PostgreSQL 15 refuses the very word NOSUPERUSER from anybody but a superuser.
 *
 * @param verifier of the password; undefined leaves the password alone
 */
export function roleStatement(
  role: DatabaseRole,
  found: RoleFacts | undefined,
  verifier: string | undefined,
  facts: ServerFacts,
): string | undefined {
  if (found?.rolsuper)
    throw new UserError(
      `The role ${role.name} is there already, and is a superuser: it would see every row and could do everything. Give the superuser another name (POSTGRES_USER, or ALTER ROLE ... RENAME), and run this again.`,
    );
  // What a superuser gave stays, though the connected role could not give it.
  const { rolreplication: replicates = false, rolbypassrls: bypasses = false } = found ?? {};
  const options = [
    ...flag("LOGIN", true, found?.rolcanlogin ?? false),
    ...flag("INHERIT", true, found?.rolinherit ?? true),
    ...flag("CREATEROLE", false, found?.rolcreaterole ?? false),
    ...flag("CREATEDB", false, found?.rolcreatedb ?? false),
    ...flag("REPLICATION", role.replication && (facts.mayReplicate || replicates), replicates),
    ...flag("BYPASSRLS", role.bypassRowLevelSecurity && (facts.mayBypass || bypasses), bypasses),
    ...(found?.rolconnlimit === role.connectionLimit ? [] : [`CONNECTION LIMIT ${role.connectionLimit}`]),
    ...(verifier === undefined ? [] : [`PASSWORD ${literal(verifier)}`]),
  ];
  if (found === undefined) return `CREATE ROLE ${name(role.name)} ${options.join(" ")}`;
  return options.length === 0 ? undefined : `ALTER ROLE ${name(role.name)} ${options.join(" ")}`;
}

const flag = (word: string, wanted: boolean, found: boolean): string[] =>
  wanted === found ? [] : [wanted ? word : `NO${word}`];

/** Lets the connected role act as the owner: since 16 whoever makes a role is not allowed to by that alone. */
export const membershipStatement = (owner: string, { version }: ServerFacts): string =>
  `GRANT ${name(owner)} TO CURRENT_USER${version >= 16 ? " WITH INHERIT TRUE, SET TRUE" : ""}`;
