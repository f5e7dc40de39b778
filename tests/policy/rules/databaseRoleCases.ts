import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";
import { casesWith, one } from "./oneCase";

const role = resource("postgresql:index/role:Role", { name: "circle", login: true, connectionLimit: 53 });
const database = resource("postgresql:index/database:Database", { name: "circle", owner: "circle_owner" });
const clusterDatabase = resource("kubernetes:postgresql.cnpg.io/v1:Database", {
  spec: { name: "circle", owner: "circle_owner" },
});
const cluster = resource("kubernetes:postgresql.cnpg.io/v1:Cluster", {
  spec: {
    bootstrap: { initdb: { database: "aibase", owner: "aibase_owner" } },
    managed: {
      roles: [
        { name: "aibase", login: true },
        { name: "aibase_replication", replication: true, bypassrls: true },
        { name: "platform_dump", bypassrls: true, inRoles: ["pg_read_all_data"] },
      ],
    },
  },
});
const OWNER = { says: ["it must be a role that no application connects as"] };
const initdb = (name: string) => ["spec", "bootstrap", "initdb", name];
const managed = (index: number, name: string) => ["spec", "managed", "roles", index, name];
const withRole = casesWith(role);
const clusterWith = (path: readonly (string | number)[], value: Value | undefined) => [having(cluster, path, value)];

const limited: readonly Case[] = [
  one("pass", "a role, a database and a cluster as they are", [role, database, clusterDatabase, cluster]),
  ...["superuser", "createDatabase", "createRole", "bypassRowLevelSecurity"].flatMap((right) =>
    propertyCases(role, [right], {
      absent: "passes",
      false: "passes",
      true: "violated",
      unknown: "unverified",
      secret: "passes",
    }),
  ),
  withRole("pass", "a role that streams and sees every row", { replication: true, bypassRowLevelSecurity: true }),
  withRole("fail", "a role that streams and is superuser", { replication: true, superuser: true }, "violated"),
  one("fail", "a database of the application's own role", [having(database, ["owner"], "circle")], ["violated"], OWNER),
  one("absent", "a database of nobody in particular", [having(database, ["owner"], undefined)]),
  one("unknown", "an owner not known yet", [having(database, ["owner"], UNKNOWN)], ["unverified"]),
  one("wrong type", "an owner that is a number", [having(database, ["owner"], 3)], ["violated"]),
  one("secret", "an owner that is a secret", [having(database, ["owner"], new Secret("circle_owner"))]),
  one(
    "fail",
    "a Database of the application's own role",
    [having(clusterDatabase, ["spec", "owner"], "circle")],
    ["violated"],
  ),
  one("fail", "a cluster born with it", clusterWith(initdb("owner"), "aibase"), ["violated"], OWNER),
  one("absent", "a cluster that is born without a database", clusterWith(["spec", "bootstrap"], undefined)),
  one("fail", "a managed role that is superuser", clusterWith(managed(0, "superuser"), true), ["violated"]),
  one("fail", "a managed role that makes roles", clusterWith(managed(0, "createrole"), true), ["violated"]),
  one("fail", "an application that sees every row", clusterWith(managed(0, "bypassrls"), true), ["violated"]),
  one("fail", "a reader of everything in another role", clusterWith(managed(2, "inRoles"), ["pg_monitor"]), [
    "violated",
  ]),
  one("unknown", "managed roles not known yet", clusterWith(["spec", "managed", "roles"], UNKNOWN), ["unverified"]),
];

export const CASES: Cases = { "database-roles-limited": limited };
