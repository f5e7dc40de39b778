import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";
import { primary, replica } from "./rdsFixtures";

type Given = ReturnType<typeof resource>;

const alarm = (props: Readonly<Record<string, Value>>, refers: Record<string, Given> = {}) =>
  resource(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    { namespace: "AWS/RDS", comparisonOperator: "GreaterThanThreshold", threshold: 90, ...props },
    `alarm-${String(props.metricName)}-${JSON.stringify(props.dimensions)}`,
    { refers },
  );

const METRICS = {
  CPUUtilization: "GreaterThanThreshold",
  FreeStorageSpace: "LessThanOrEqualToThreshold",
  DatabaseConnections: "GreaterThanOrEqualToThreshold",
  ReplicaLag: "GreaterThanThreshold",
} as const;
type Metric = keyof typeof METRICS;

const of = (metricName: Metric, more: Readonly<Record<string, Value>> = {}, identifier: Value = "db"): Given =>
  alarm({
    metricName,
    comparisonOperator: METRICS[metricName],
    dimensions: { DBInstanceIdentifier: identifier },
    ...more,
  });
const three = (identifier: Value = "db") =>
  (["CPUUtilization", "FreeStorageSpace", "DatabaseConnections"] as const).map((name) => of(name, {}, identifier));
/** The primary with its alarms, one of which is another. */
const but = (other: Given) => [primary, ...three().map((each) => (read(each) === read(other) ? other : each))];
const read = ({ props }: Given) => (props as { readonly metricName?: Value }).metricName;

const referring = three(UNKNOWN).map((each) => ({ ...each, propertyDependencies: { dimensions: [primary.urn] } }));
const lag = of("ReplicaLag", {}, "db-replica");

const RDS_ALARMS: readonly Case[] = [
  one("pass", "three alarms", [primary, ...three()]),
  one("pass", "by reference, with everything unknown", [having(primary, ["identifier"], UNKNOWN), ...referring]),
  one("pass", "a replica with four", [replica, ...three("db-replica"), lag]),
  one("pass", "actions turned on", but(of("CPUUtilization", { actionsEnabled: true }))),
  one("fail", "none", [primary], ["violated"], {
    says: ["primary has no alarm on CPUUtilization, FreeStorageSpace, DatabaseConnections."],
  }),
  one("fail", "those of another one", [primary, ...three("db-2")], ["violated"]),
  one("fail", "two of three", [primary, ...three().slice(0, 2)], ["violated"], {
    says: ["no alarm on DatabaseConnections."],
  }),
  one("fail", "a replica without an alarm on its lag", [replica, ...three("db-replica")], ["violated"], {
    says: ["replica has no alarm on ReplicaLag."],
  }),
  one("fail", "another namespace", but(of("CPUUtilization", { namespace: "AWS/EC2" })), ["violated"]),
  one("fail", "CPU that is too low", but(of("CPUUtilization", { comparisonOperator: "LessThanThreshold" })), [
    "violated",
  ]),
  one("fail", "storage that is too free", but(of("FreeStorageSpace", { comparisonOperator: "GreaterThanThreshold" })), [
    "violated",
  ]),
  one("fail", "an alarm that does nothing", but(of("DatabaseConnections", { actionsEnabled: false })), ["violated"]),
  one("absent", "no threshold", but(of("CPUUtilization", { threshold: null })), ["violated"]),
  one("absent", "no dimensions", but(of("CPUUtilization", { dimensions: null })), ["violated"]),
  one("absent", "no operator", but(of("CPUUtilization", { comparisonOperator: null })), ["violated"]),
  one("unknown", "of which instance", but(of("CPUUtilization", {}, UNKNOWN)), ["unverified"], {
    says: ["Whether primary has every alarm"],
  }),
  one(
    "unknown",
    "which metric",
    [primary, ...three().slice(1), of("CPUUtilization", { metricName: UNKNOWN })],
    ["unverified"],
  ),
  one("unknown", "its actions", but(of("CPUUtilization", { actionsEnabled: UNKNOWN })), ["unverified"]),
  one(
    "unknown",
    "one of them, and another one lacks",
    [primary, of("CPUUtilization", {}, UNKNOWN), of("FreeStorageSpace")],
    ["violated"],
    { says: ["no alarm on DatabaseConnections."] },
  ),
  one("wrong type", "an identifier that is none", but(of("CPUUtilization", {}, 7)), ["violated"]),
  one("wrong type", "a threshold that is a text", but(of("CPUUtilization", { threshold: "90" })), ["violated"]),
  one("secret", "an identifier that is marked secret", but(of("CPUUtilization", {}, new Secret("db")))),
];

const group = resource(
  "aws:elasticache/replicationGroup:ReplicationGroup",
  { replicationGroupId: "cache", numNodeGroups: 2, replicasPerNodeGroup: 1 },
  "cache",
);
const single = resource(group.type, { replicationGroupId: "cache", numCacheClusters: 1 }, "cache");
const NODES = ["cache-0001-001", "cache-0001-002", "cache-0002-001", "cache-0002-002"];
const CACHE_METRICS = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions"];
const onNode = (metricName: string, CacheClusterId: Value, more: Readonly<Record<string, Value>> = {}) =>
  alarm({ namespace: "AWS/ElastiCache", metricName, dimensions: { CacheClusterId }, ...more });
const nodes = (names: readonly Value[], metrics = CACHE_METRICS) =>
  names.flatMap((name) => metrics.map((metric) => onNode(metric, name)));
const memoryAndEvictions = CACHE_METRICS.slice(1);

const CACHE_ALARMS: readonly Case[] = [
  one("pass", "every node of every shard", [group, ...nodes(NODES)]),
  one("pass", "the CPU of the machine will do", [
    single,
    ...nodes(["cache-001"], ["CPUUtilization", ...memoryAndEvictions]),
  ]),
  one("pass", "by reference, with everything unknown", [
    single,
    ...nodes([UNKNOWN]).map((each) => ({ ...each, propertyDependencies: { dimensions: [single.urn] } })),
  ]),
  one("pass", "as many nodes as RDS tells after it is made", [having(group, ["numCacheClusters"], 4), ...nodes(NODES)]),
  one("fail", "none", [group], ["violated"], {
    says: ["cache has no alarm for every node on CPU", "memory (DatabaseMemoryUsagePercentage), Evictions."],
  }),
  one("fail", "one node of four without", [group, ...nodes(NODES.slice(1))], ["violated"]),
  one("fail", "one node twice", [group, ...nodes([...NODES.slice(1), "cache-0002-002"])], ["violated"]),
  one("fail", "the nodes of another group", [group, ...nodes(NODES.map((name) => `my-${name}`))], ["violated"]),
  one("fail", "the nodes of a group that is called so too", [single, ...nodes(["cache2-001"])], ["violated"]),
  one("fail", "one metric of three", [single, ...nodes(["cache-001"], memoryAndEvictions)], ["violated"], {
    says: ["no alarm for every node on CPU (EngineCPUUtilization or CPUUtilization)."],
  }),
  one(
    "fail",
    "CPU that tells nothing",
    [
      single,
      ...nodes(["cache-001"], memoryAndEvictions),
      onNode("CPUUtilization", "cache-001", { comparisonOperator: "LessThanThreshold", threshold: 0 }),
    ],
    ["violated"],
  ),
  one("absent", "no dimensions", [single, ...CACHE_METRICS.map((metric) => onNode(metric, null))], ["violated"]),
  one("absent", "no name", [having(single, ["replicationGroupId"], null), ...nodes(["cache-001"])], ["violated"]),
  one(
    "unknown",
    "how many nodes",
    [having(single, ["numCacheClusters"], UNKNOWN), ...nodes(["cache-001"])],
    ["unverified"],
    {
      says: ["Whether cache has every alarm for every node"],
    },
  ),
  one(
    "unknown",
    "how many replicas",
    [having(group, ["replicasPerNodeGroup"], UNKNOWN), ...nodes(NODES)],
    ["unverified"],
  ),
  one("unknown", "how many shards", [having(group, ["numNodeGroups"], UNKNOWN), ...nodes(NODES)], ["unverified"]),
  one("unknown", "how many nodes, and none is watched", [having(single, ["numCacheClusters"], UNKNOWN)], ["violated"]),
  one("unknown", "of which node", [single, ...nodes([UNKNOWN])], ["unverified"]),
  one(
    "unknown",
    "the name of the group",
    [having(single, ["replicationGroupId"], UNKNOWN), ...nodes(["cache-001"])],
    ["unverified"],
  ),
  one("wrong type", "a node that is none", [single, ...nodes([7])], ["violated"]),
  one("secret", "nodes that are marked secret", [single, ...nodes([new Secret("cache-001")])]),
];

const subscription = (props: Readonly<Record<string, Value>>, refers: Record<string, Given> = {}) =>
  resource("aws:rds/eventSubscription:EventSubscription", props, `events-${Object.keys(props).join("-")}`, { refers });
const CATEGORIES = ["failure", "maintenance", "configuration change"];
const ours = { sourceType: "db-instance", sourceIds: ["db"], eventCategories: CATEGORIES, enabled: true };

const EVENTS: readonly Case[] = [
  one("pass", "RDS.20: the three categories", [primary, subscription(ours)]),
  one("pass", "in two subscriptions", [
    primary,
    subscription({ sourceType: "db-instance", sourceIds: ["db"], eventCategories: CATEGORIES.slice(1) }),
    subscription({ eventCategories: ["failure"], sourceType: "db-instance", sourceIds: ["db"] }),
  ]),
  one("pass", "everything of everything", [primary, subscription({})]),
  one("pass", "empty lists narrow nothing", [primary, subscription({ sourceIds: [], eventCategories: [] })]),
  one("pass", "by reference, with everything unknown", [
    primary,
    subscription({ ...ours, sourceIds: [UNKNOWN] }, { sourceIds: primary }),
  ]),
  one("fail", "none", [primary], ["violated"], {
    says: ["primary has no event subscription for failure, maintenance, configuration change."],
  }),
  ...CATEGORIES.map((category) =>
    one(
      "fail",
      `all but ${category}`,
      [primary, subscription({ ...ours, eventCategories: CATEGORIES.filter((each) => each !== category) })],
      ["violated"],
      { says: [`no event subscription for ${category}.`] },
    ),
  ),
  one("fail", "of another one", [primary, subscription({ ...ours, sourceIds: ["db-2"] })], ["violated"]),
  one(
    "fail",
    "of another one by reference",
    [primary, subscription({ ...ours, sourceIds: [UNKNOWN] }, { sourceIds: replica })],
    ["violated"],
  ),
  one("fail", "of snapshots", [primary, subscription({ ...ours, sourceType: "db-snapshot" })], ["violated"]),
  one("fail", "turned off", [primary, subscription({ ...ours, enabled: false })], ["violated"]),
  one("fail", "of the primary, but not of its replica", [primary, replica, subscription(ours)], ["violated"], {
    says: ["replica has no"],
  }),
  one("absent", "of all instances, in all categories", [primary, subscription({ sourceType: "db-instance" })]),
  one("unknown", "of which instance", [primary, subscription({ ...ours, sourceIds: UNKNOWN })], ["unverified"], {
    says: ["Whether primary has every event subscription"],
  }),
  one(
    "unknown",
    "one category",
    [primary, subscription({ ...ours, eventCategories: ["failure", UNKNOWN] })],
    ["unverified"],
  ),
  one("unknown", "whether it is on", [primary, subscription({ ...ours, enabled: UNKNOWN })], ["unverified"]),
  one("unknown", "of what", [primary, subscription({ ...ours, sourceType: UNKNOWN })], ["unverified"]),
  one("wrong type", "a type that is none", [primary, subscription({ ...ours, sourceType: 7 })], ["violated"]),
  one("secret", "an identifier that is marked secret", [
    primary,
    subscription({ ...ours, sourceIds: [new Secret("db")] }),
  ]),
];

export const CASES: Cases = {
  "rds-alarm-set": RDS_ALARMS,
  "cache-alarm-set": CACHE_ALARMS,
  "rds-events": EVENTS,
};
