import type { Rehearsed } from "../../../rehearsal/mocks";
import { literal, name } from "../../../schema/bootstrap/quote";

/**
 * What the PostgreSQL provider says to the server when it makes a resource: cyrilgdn/terraform-provider-postgresql,
 * postgresql/resource_postgresql_{role,database,schema,extension,grant,default_privileges}.go, the functions ending in Create.
 */
export interface Said {
  /** Database to say it in; undefined is the one that the provider connects to. */
  readonly database: string | undefined;
  readonly statements: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const flag = (word: string, value: unknown): string => (value === true ? word : `NO${word}`);

export function said({ type, inputs }: Rehearsed): Said {
  const make = MAKERS[type.split(":").at(-1) ?? ""];
  if (make === undefined) throw new Error(`the provider has no ${type} here`);
  return make(inputs);
}

const MAKERS: Readonly<Record<string, (inputs: Inputs) => Said>> = {
  Role: (inputs) => ({
    database: undefined,
    statements: [
      [
        `CREATE ROLE ${name(String(inputs.name))} WITH ENCRYPTED PASSWORD ${literal(String(inputs.password))}`,
        `VALID UNTIL 'infinity' CONNECTION LIMIT ${inputs.connectionLimit}`,
        flag("SUPERUSER", inputs.superuser),
        flag("CREATEDB", inputs.createDatabase),
        flag("CREATEROLE", inputs.createRole),
        flag("INHERIT", inputs.inherit),
        flag("LOGIN", inputs.login),
        flag("BYPASSRLS", inputs.bypassRowLevelSecurity),
        flag("REPLICATION", inputs.replication),
      ].join(" "),
      ...texts(inputs.roles).map((role) => `GRANT ${name(role)} TO ${name(String(inputs.name))}`),
    ],
  }),
  Database: (inputs) => ({
    database: undefined,
    statements: [
      [
        `CREATE DATABASE ${name(String(inputs.name))} OWNER ${name(String(inputs.owner))}`,
        `TEMPLATE ${name(String(inputs.template))} ENCODING ${literal(String(inputs.encoding))}`,
        `LC_COLLATE ${literal(String(inputs.lcCollate))} LC_CTYPE ${literal(String(inputs.lcCtype))}`,
        `ALLOW_CONNECTIONS true CONNECTION LIMIT ${inputs.connectionLimit} IS_TEMPLATE false`,
      ].join(" "),
    ],
  }),
  // One that is there, as `public` is, is given to its owner.
  Schema: (inputs) => ({
    database: String(inputs.database),
    statements: [`ALTER SCHEMA ${name(String(inputs.name))} OWNER TO ${name(String(inputs.owner))}`],
  }),
  Extension: (inputs) => ({
    database: String(inputs.database),
    statements: [`CREATE EXTENSION IF NOT EXISTS ${name(String(inputs.name))} SCHEMA ${name(String(inputs.schema))}`],
  }),
  Grant: (inputs) => {
    const { objectType } = inputs;
    const object =
      objectType === "database" ? `DATABASE ${name(String(inputs.database))}` : `SCHEMA ${name(String(inputs.schema))}`;
    return { database: String(inputs.database), statements: replaced("", `ON ${object}`, inputs) };
  },
  DefaultPrivileges: (inputs) => {
    const where = inputs.schema === undefined ? "" : `IN SCHEMA ${name(String(inputs.schema))}`;
    return {
      database: String(inputs.database),
      statements: replaced(
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${name(String(inputs.owner))} ${where} `,
        `ON ${String(inputs.objectType).toUpperCase()}S`,
        inputs,
      ),
    };
  },
};

/** Everything is taken first, so that fewer privileges than before are given too. */
function replaced(before: string, on: string, { role, privileges }: Inputs): string[] {
  const whom = name(String(role));
  const given = texts(privileges).join(",");
  return [
    `${before}REVOKE ALL ${before === "" ? "PRIVILEGES " : ""}${on} FROM ${whom}`,
    ...(given === "" ? [] : [`${before}GRANT ${given} ${on} TO ${whom}`]),
  ];
}
