import type * as pulumi from "@pulumi/pulumi";
import { logicalDatabase, ROLE_KINDS, type RoleKind } from "../../../catalogue/roles";
import type { CatalogueName } from "../../../settings";
import { roleLimits } from "../roleLimits";
import type { ManagedRole } from "./clusterSpec";
import { type RoleCredentials, roleCredentials } from "./credentials";
import type { Place } from "./place";

/** The four roles of a logical database, each with its password in a Secret. */
export type DatabaseRoles = Readonly<Record<RoleKind, RoleCredentials>>;

/** What the operator is told of each role; what it may do inside of the database is the migration job's to grant. */
const PURPOSE: Readonly<Record<RoleKind, string>> = {
  owner: "Owns database",
  app: "Application of database",
  readonly: "Reads database",
  replication: "Streams changes of database",
};

/** The roles of all databases of the cluster, by database; the application's own database is the first. */
export function rolesOfDatabases(
  name: string,
  databases: readonly CatalogueName[],
  place: Place,
  opts: pulumi.CustomResourceOptions,
): ReadonlyMap<CatalogueName, DatabaseRoles> {
  const credentials = (role: string) => roleCredentials(name, role, place, opts);
  return new Map(
    databases.map((database) => {
      const { roles } = logicalDatabase(database);
      const made = {
        owner: credentials(roles.owner.name),
        app: credentials(roles.app.name),
        readonly: credentials(roles.readonly.name),
        replication: credentials(roles.replication.name),
      };
      return [database, made];
    }),
  );
}

/** How the operator makes them. The owner of the first database is not among them: the cluster is born with it. */
export function managedRoles(databases: ReadonlyMap<CatalogueName, DatabaseRoles>): ManagedRole[] {
  const names = [...databases.keys()];
  const [first] = names;
  if (first === undefined) return [];
  const limits = roleLimits(names, first);
  return [...databases].flatMap(([database, credentials]) => {
    const { roles } = logicalDatabase(database, { limits: limits(database) });
    return ROLE_KINDS.filter((kind) => kind !== "owner" || database !== first).map((kind): ManagedRole => {
      const { connectionLimit, replication, bypassRowLevelSecurity } = roles[kind];
      const { role, secretName } = credentials[kind];
      const comment = `${PURPOSE[kind]} ${database}`;
      return { role, secretName, comment, connectionLimit, replication, bypassRowLevelSecurity };
    });
  });
}
