import { byType, type Cloud, type ProviderModel, type Refusal, type ResourceModel, text, type Values } from "./model";
import { holdsUnknown } from "./wire";

/** What the PostgreSQL provider makes inside a server. The names are those of one server: a stack has one. */

const SOURCE = "cyrilgdn/terraform-provider-postgresql postgresql/resource_postgresql_";
const DATABASE = "postgresql:index/database:Database";
const ROLE = "postgresql:index/role:Role";
const SCHEMA = "postgresql:index/schema:Schema";
const INSTANCE = "aws:rds/instance:Instance";

const ROLES = { types: [ROLE, INSTANCE], by: { [ROLE]: "name", [INSTANCE]: "username" } };
const DATABASES = {
  types: [DATABASE, INSTANCE],
  by: { [DATABASE]: "name", [INSTANCE]: "dbName" },
  always: ["postgres"],
};
const SCHEMAS = { types: [SCHEMA], by: "name", always: ["public"] };
/** Roles that PostgreSQL brings along (PostgreSQL documentation, "Predefined Roles"). */
const PREDEFINED = [
  "pg_monitor",
  "pg_read_all_data",
  "pg_read_all_settings",
  "pg_read_all_stats",
  "pg_signal_backend",
  "pg_write_all_data",
];
/** The server's own roles, and everybody, which is no role. */
const GRANTEES = { ...ROLES, always: ["public", ...PREDEFINED] };
/** RDS brings roles along too (RDS user guide, "rds_iam", "Understanding the rds_superuser role"). */
const MEMBERSHIPS = { ...ROLES, always: [...PREDEFINED, "rds_iam", "rds_replication", "rds_superuser"] };

/** postgresql/helpers.go, allowedPrivileges. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  column: ["ALL", "SELECT", "INSERT", "UPDATE", "REFERENCES"],
  database: ["ALL", "CREATE", "CONNECT", "TEMPORARY"],
  foreign_data_wrapper: ["ALL", "USAGE"],
  foreign_server: ["ALL", "USAGE"],
  function: ["ALL", "EXECUTE"],
  procedure: ["ALL", "EXECUTE"],
  routine: ["ALL", "EXECUTE"],
  schema: ["ALL", "CREATE", "USAGE"],
  sequence: ["ALL", "USAGE", "SELECT", "UPDATE"],
  table: ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
  type: ["ALL", "USAGE"],
};
const GRANTED = Object.keys(PRIVILEGES).filter((kind) => kind !== "type");
const BY_DEFAULT = ["table", "sequence", "function", "routine", "type", "schema"];

/** PostgreSQL cuts a longer name off, and the provider does not find it again. */
const LONGEST_NAME = 63;

function nameRules(name: unknown, reserved: (name: string) => boolean): Refusal[] {
  if (typeof name !== "string") return [];
  const reasons = [
    ...(name === "" ? ["zero-length delimited identifier"] : []),
    ...(name.includes("\0") ? ["a name cannot hold the character 0"] : []),
    ...(Buffer.byteLength(name) > LONGEST_NAME ? [`a name has at most ${LONGEST_NAME} bytes`] : []),
    ...(reserved(name) ? [`the name ${name} is reserved`] : []),
  ];
  return reasons.map((reason) => ({ property: "name", reason }));
}

const systemName = (name: string): boolean => name.startsWith("pg_");

/** What a grant, also a default one, may name. */
function privilegeRules({ objectType, privileges }: Values, kinds: readonly string[]): Refusal[] {
  if (typeof objectType !== "string") return [];
  if (!kinds.includes(objectType))
    return [{ property: "objectType", reason: `must be one of ${kinds.join(", ")}, not ${objectType}` }];
  const wrong = asList(privileges).filter(
    (each) => typeof each === "string" && !PRIVILEGES[objectType]?.includes(each),
  );
  return wrong.map((each) => ({
    property: "privileges",
    reason: `${each} is not an allowed privilege for ${objectType}`,
  }));
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const WITHOUT_SCHEMA = ["database", "foreign_data_wrapper", "foreign_server"];

function grantRules(inputs: Values): Refusal[] {
  const { objectType, objects, columns, schema } = inputs;
  const kind = text(objectType);
  const refusals = privilegeRules(inputs, GRANTED);
  if (schema === undefined && kind !== "" && !WITHOUT_SCHEMA.includes(kind))
    refusals.push({ property: "schema", reason: "parameter 'schema' is mandatory" });
  if (asList(objects).length > 0 && (kind === "database" || kind === "schema"))
    refusals.push({ property: "objects", reason: `cannot be given when objectType is ${kind}` });
  if (asList(columns).length > 0 !== (kind === "column") && typeof objectType === "string")
    refusals.push({ property: "columns", reason: "belong to objectType column, and only to it" });
  return refusals;
}

const grantId = ({ role, database, schema, objectType, objects, columns }: Values): string =>
  [
    role,
    database,
    ...(WITHOUT_SCHEMA.includes(text(objectType)) ? [] : [schema]),
    objectType,
    ...asList(objects),
    ...asList(columns),
  ].join("_");

const defaultsId = ({ role, database, schema, owner, objectType }: Values): string =>
  [role, database, schema ?? "noschema", owner, objectType].join("_");

/** Who is connected: the master user of the server, and the owner of what is not given another one. */
const connected = ({ all }: Pick<Cloud, "all">): string => text(all(INSTANCE)[0]?.values.username) || "postgres";

/** The database that is connected to, where none is named. */
const inDatabase = ({ database }: Values, { all }: Pick<Cloud, "all">): string =>
  text(database) || text(all(INSTANCE)[0]?.values.dbName) || "postgres";

const AUTONAMED = { property: "name", limit: 255 };

const models: readonly ResourceModel[] = [
  {
    type: DATABASE,
    replaces: ["template", "encoding", "lcCollate", "lcCtype"],
    source: `${SOURCE}database.go`,
    references: { owner: ROLES },
    autonamed: AUTONAMED,
    unique: ({ name }) => text(name) || undefined,
    check: ({ name, connectionLimit }) => [
      ...nameRules(name, (each) => ["postgres", "rdsadmin", "template0", "template1"].includes(each)),
      ...(typeof connectionLimit === "number" && connectionLimit < -1
        ? [{ property: "connectionLimit", reason: "must be at least -1" }]
        : []),
    ],
    id: ({ name }) => text(name),
    outputs: (inputs, cloud) => ({
      allowConnections: inputs.allowConnections ?? true,
      connectionLimit: inputs.connectionLimit ?? -1,
      encoding: inputs.encoding ?? "UTF8",
      isTemplate: inputs.isTemplate ?? false,
      lcCollate: inputs.lcCollate ?? "en_US.UTF-8",
      lcCtype: inputs.lcCtype ?? "en_US.UTF-8",
      owner: inputs.owner ?? connected(cloud),
      tablespaceName: inputs.tablespaceName ?? "pg_default",
      template: inputs.template ?? "template0",
    }),
  },
  {
    type: ROLE,
    replaces: [],
    source: `${SOURCE}role.go`,
    references: { roles: MEMBERSHIPS, assumeRole: MEMBERSHIPS },
    autonamed: AUTONAMED,
    unique: ({ name }) => text(name) || undefined,
    check: ({ name, superuser }) => [
      ...nameRules(name, (each) => systemName(each) || ["public", "none", "rdsadmin"].includes(each)),
      // RDS keeps this right to itself (RDS user guide, "Understanding the rds_superuser role").
      ...(superuser === true ? [{ property: "superuser", reason: "must be superuser to create superusers" }] : []),
    ],
    id: ({ name }) => text(name),
    secretOutputs: ["password", "passwordWo"],
    outputs: (inputs) => ({
      connectionLimit: inputs.connectionLimit ?? -1,
      encryptedPassword: inputs.encryptedPassword ?? true,
      inherit: inputs.inherit ?? true,
      validUntil: inputs.validUntil ?? "infinity",
    }),
  },
  {
    type: SCHEMA,
    replaces: ["database"],
    source: `${SOURCE}schema.go`,
    references: { database: DATABASES, owner: ROLES, "policies.role": GRANTEES },
    autonamed: AUTONAMED,
    unique: (inputs, cloud) => (text(inputs.name) ? `${inDatabase(inputs, cloud)}.${inputs.name}` : undefined),
    check: ({ name }) => nameRules(name, systemName),
    id: (inputs, cloud) => `${inDatabase(inputs, cloud)}.${inputs.name}`,
    outputs: (inputs, cloud) => ({
      database: inDatabase(inputs, cloud),
      owner: inputs.owner ?? connected(cloud),
      policies: inputs.policies ?? [],
    }),
  },
  {
    type: "postgresql:index/extension:Extension",
    replaces: ["name", "database"],
    source: `${SOURCE}extension.go`,
    references: { database: DATABASES, schema: SCHEMAS },
    unique: (inputs, cloud) => (text(inputs.name) ? `${inDatabase(inputs, cloud)}.${inputs.name}` : undefined),
    check: ({ name }) =>
      name === undefined
        ? [{ property: "name", reason: "must be given: no extension has a name that the provider would make up" }]
        : nameRules(name, () => false),
    id: (inputs, cloud) => `${inDatabase(inputs, cloud)}.${inputs.name}`,
    outputs: (inputs, cloud) => ({ database: inDatabase(inputs, cloud), schema: inputs.schema ?? "public" }),
  },
  {
    type: "postgresql:index/grant:Grant",
    replaces: ["role", "database", "schema", "objectType", "objects", "columns", "withGrantOption"],
    source: `${SOURCE}grant.go; pulumi/pulumi-postgresql provider/resources.go (deletes before it replaces)`,
    references: { role: GRANTEES, database: DATABASES, schema: SCHEMAS },
    unique: (inputs) => (holdsUnknown(inputs) ? undefined : grantId(inputs)),
    check: grantRules,
    id: grantId,
    outputs: (inputs) => ({ withGrantOption: inputs.withGrantOption ?? false }),
  },
  {
    type: "postgresql:index/defaultPrivileges:DefaultPrivileges",
    replaces: ["role", "database", "owner", "schema", "objectType", "withGrantOption"],
    source: `${SOURCE}default_privileges.go`,
    references: { role: GRANTEES, database: DATABASES, owner: ROLES, schema: SCHEMAS },
    unique: (inputs) => (holdsUnknown(inputs) ? undefined : defaultsId(inputs)),
    check: (inputs) => [
      ...privilegeRules(inputs, BY_DEFAULT),
      ...(inputs.objectType === "schema" && inputs.schema !== undefined
        ? [{ property: "schema", reason: "cannot be given when objectType is schema" }]
        : []),
      ...(inputs.withGrantOption === true && inputs.role === "public"
        ? [{ property: "withGrantOption", reason: "cannot be true for role 'public'" }]
        : []),
    ],
    id: defaultsId,
    outputs: (inputs) => ({ withGrantOption: inputs.withGrantOption ?? false }),
  },
];

/** The simulated server's insides. A statement takes no time beside what a cloud takes. */
export const postgresql: ProviderModel = {
  name: "postgresql",
  version: "3.18.1",
  resources: byType(models.map((model) => ({ seconds: { create: 0.1 }, ...model }))),
  invokes: new Map(),
};
