import { type Judgements, mustNotBeTrue, shown, unverified, violated } from "../../checks/property";
import { type Path, readFlag, readList, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, type ResourceRule, type Rule } from "../../rule";

const ROLE = "postgresql:index/role:Role";
const DATABASE = "postgresql:index/database:Database";
const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const CLUSTER_DATABASE = "kubernetes:postgresql.cnpg.io/v1:Database";

/** The role that the application connects as has the database's own name (S1-11, S1-40). */
function mustNotBeTheApplications(from: Value, owner: Path, database: Path): Judgements {
  const [role, name] = [readText(from, ...owner), readText(from, ...database)];
  if (role.state === "absent" || name.state === "absent") return [];
  if (role.state === "unknown" || name.state === "unknown") return unverified(shown(owner));
  return role.state === "known" && name.state === "known" && role.value !== name.value
    ? []
    : violated(`${shown(owner)} is the application's own role; it must be a role that no application connects as.`);
}

/** Rights over the whole server, by the names that the provider and the operator give them. */
const withoutPower = (from: Value, path: Path, names: readonly string[]): Judgements =>
  names.flatMap((name) => mustNotBeTrue(from, ...path, name));

/** Streams and dumps have to see every row; nobody else passes by row-level security. */
function bypassHasReason(from: Value, path: Path, bypass: string): Judgements {
  const streams = readFlag(from, ...path, "replication");
  if (streams.state === "known" && streams.value) return [];
  const dumps = readList(from, ...path, "inRoles");
  const readsAll =
    dumps.state === "known" &&
    dumps.value.some((_, index) => {
      const role = readText(dumps.value, index);
      return role.state === "known" && role.value === "pg_read_all_data";
    });
  return readsAll ? [] : mustNotBeTrue(from, ...path, bypass);
}

function clusterRoles(props: Value): Judgements {
  const roles = readList(props, "spec", "managed", "roles");
  if (roles.state === "unknown") return unverified("`spec.managed.roles` are");
  if (roles.state !== "known") return [];
  return roles.value.flatMap((_, index) => {
    const path = ["spec", "managed", "roles", index];
    return [
      ...withoutPower(props, path, ["superuser", "createdb", "createrole"]),
      ...bypassHasReason(props, path, "bypassrls"),
    ];
  });
}

const databaseRolesLimited: ResourceRule = {
  scope: "resource",
  name: "database-roles-limited",
  description:
    "No application owns the database that it connects to, and no role of a stack has rights over the whole server.",
  why: "Row-level security binds neither owners nor superusers: one injected statement of an application that owns its tables reads everybody's rows, and may drop them.",
  remedy:
    "Let a role of its own own the database (`<database>_owner`), give the application rights by grants and default privileges, and leave superuser, createRole, createDatabase and bypassRowLevelSecurity out; streams and dumps alone may pass by row-level security.",
  ids: ["S1-41", "C-13", "C-36"],
  levels: ALWAYS,
  types: [ROLE, DATABASE, CLUSTER, CLUSTER_DATABASE],
  check({ type, props }) {
    switch (type) {
      case ROLE:
        return [
          ...withoutPower(props, [], ["superuser", "createDatabase", "createRole"]),
          ...bypassHasReason(props, [], "bypassRowLevelSecurity"),
        ];
      case DATABASE:
        return mustNotBeTheApplications(props, ["owner"], ["name"]);
      case CLUSTER_DATABASE:
        return mustNotBeTheApplications(props, ["spec", "owner"], ["spec", "name"]);
      default:
        return [
          ...["initdb", "recovery"].flatMap((way) =>
            mustNotBeTheApplications(
              props,
              ["spec", "bootstrap", way, "owner"],
              ["spec", "bootstrap", way, "database"],
            ),
          ),
          ...clusterRoles(props),
        ];
    }
  },
};

/** What is asked of the roles inside a PostgreSQL server. */
export const databaseRoleRules: readonly Rule[] = [databaseRolesLimited];
