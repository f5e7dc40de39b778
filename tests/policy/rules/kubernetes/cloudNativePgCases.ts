import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "../cases";
import { one } from "../oneCase";
import { elsewhere, namespace } from "./completeWorkload";

const inShop = { metadata: { name: "postgres", namespace: "shop" } };
const cluster = resource("kubernetes:postgresql.cnpg.io/v1:Cluster", {
  ...inShop,
  spec: {
    instances: 3,
    enableSuperuserAccess: false,
    resources: { requests: { memory: "16Gi" }, limits: { memory: "16Gi" } },
    storage: { size: "500Gi" },
    walStorage: { size: "50Gi" },
    plugins: [
      {
        name: "barman-cloud.cloudnative-pg.io",
        isWALArchiver: true,
        parameters: { barmanObjectName: "postgres-backups" },
      },
    ],
  },
});
const store = resource(
  "kubernetes:barmancloud.cnpg.io/v1:ObjectStore",
  { metadata: { name: "postgres-backups", namespace: "shop" }, spec: { retentionPolicy: "7d", configuration: {} } },
  "store",
);
const schedule = resource(
  "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
  { ...inShop, spec: { schedule: "0 0 3 * * *", cluster: { name: "postgres" }, method: "plugin" } },
  "schedule",
);
const stack = [namespace, cluster, store, schedule];

const NO_ARCHIVE = { says: ["archives its WAL into no object store"] };
const NO_SCHEDULE = { says: ["No ScheduledBackup is about it"] };

/** The stack with one value of one of its resources replaced. */
const change = (which: typeof cluster, path: readonly (string | number)[], value: Value | undefined) =>
  stack.map((each) => (each === which ? having(each, path, value) : each));

const safe: readonly Case[] = [
  ...propertyCases(cluster, ["spec", "instances"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: { two: [2, "violated"], five: [5, "passes"] },
  }),
  ...propertyCases(cluster, ["spec", "enableSuperuserAccess"], {
    absent: "passes",
    false: "passes",
    true: "violated",
    unknown: "unverified",
    secret: "passes",
  }),
  ...[
    ["spec", "resources", "requests", "memory"],
    ["spec", "resources", "limits", "memory"],
    ["spec", "walStorage", "size"],
  ].map((path) => one("absent", `${path.join(".")} left out`, [having(cluster, path, undefined)], ["violated"])),
];

const backedUp: readonly Case[] = [
  one("pass", "a plugin that archives, a store that forgets, a schedule", stack),
  one("pass", "no PostgreSQL in the cluster", [namespace, store, schedule]),
  one("fail", "no schedule", [namespace, cluster, store], ["violated"], NO_SCHEDULE),
  one("fail", "no store", [namespace, cluster, schedule], ["violated"], NO_ARCHIVE),
  one("fail", "a schedule for another cluster", change(schedule, ["spec", "cluster", "name"], "other"), ["violated"]),
  one(
    "fail",
    "a schedule in another namespace",
    [elsewhere, ...change(schedule, ["metadata", "namespace"], "other")],
    ["violated"],
    NO_SCHEDULE,
  ),
  one("fail", "a store of another name", change(store, ["metadata", "name"], "other"), ["violated"], NO_ARCHIVE),
  one("fail", "a store in another namespace", change(store, ["metadata", "namespace"], "other"), ["violated"]),
  one("fail", "a plugin that archives nothing", change(cluster, ["spec", "plugins", 0, "isWALArchiver"], false), [
    "violated",
  ]),
  one("absent", "no plugins", change(cluster, ["spec", "plugins"], undefined), ["violated"], NO_ARCHIVE),
  one("absent", "a store that keeps everything", change(store, ["spec", "retentionPolicy"], undefined), ["violated"]),
  one("absent", "a schedule without a time", change(schedule, ["spec", "schedule"], undefined), ["violated"]),
  one("wrong type", "plugins that are no list", change(cluster, ["spec", "plugins"], "barman"), ["violated"]),
  one("wrong type", "a name that is a number", change(schedule, ["spec", "cluster", "name"], 3), ["violated"]),
  one("unknown", "plugins not known yet", change(cluster, ["spec", "plugins"], UNKNOWN), ["unverified"]),
  one("unknown", "whose schedule it is, not known yet", change(schedule, ["spec", "cluster", "name"], UNKNOWN), [
    "unverified",
  ]),
  one("unknown", "a store's name, not known yet", change(store, ["metadata", "name"], UNKNOWN), ["unverified"]),
  one("secret", "the days of a store, marked secret", change(store, ["spec", "retentionPolicy"], new Secret("7d"))),
];

/** The cases of PostgreSQL in the cluster. */
export const CASES: Cases = { "cnpg-safe": safe, "cnpg-backed-up": backedUp };
