import { mustBeText, mustHaveItems } from "../../checks/content";
import {
  type Judgements,
  mustBeAtLeast,
  mustBeOneOf,
  mustBeTrue,
  mustNotBeFalse,
  unlessAbsent,
  unverified,
  violated,
} from "../../checks/property";
import { type Reading, readCount, readList, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";

const TYPES = ["aws:elasticache/replicationGroup:ReplicationGroup"];

const cacheAtRest: ResourceRule = {
  scope: "resource",
  name: "cache-at-rest",
  description: "The cache encrypts its disks and snapshots with a key of the stack.",
  why: "Sessions and query results lie in swap files and snapshots; a key of your own says who may read them, and can be withdrawn.",
  remedy: "Set `atRestEncryptionEnabled: true` and `kmsKeyId`. Both are decided at creation: the cache is replaced.",
  ids: ["ElastiCache.4", "CKV_AWS_29", "CKV_AWS_191", "C-29"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => [...mustBeTrue(props, "atRestEncryptionEnabled"), ...mustBeText(props, "kmsKeyId")],
};

const cacheInTransit: ResourceRule = {
  scope: "resource",
  name: "cache-in-transit",
  description: "Connections to the cache are encrypted.",
  why: "Session tokens cross the network with every request; without TLS whoever sees the traffic is logged in as somebody else.",
  remedy:
    "Set `transitEncryptionEnabled: true`, and `transitEncryptionMode` to `required`, or to `preferred` only while clients move.",
  ids: ["ElastiCache.5", "CKV_AWS_30", "C-29"],
  levels: ALWAYS,
  types: TYPES,
  // Left out, ElastiCache requires TLS of every client.
  check: ({ props }) => [
    ...mustBeTrue(props, "transitEncryptionEnabled"),
    ...unlessAbsent(
      props,
      ["transitEncryptionMode"],
      mustBeOneOf(["required", "preferred"], props, "transitEncryptionMode"),
    ),
  ],
};

const cacheAuth: ResourceRule = {
  scope: "resource",
  name: "cache-auth",
  description: "Nobody uses the cache without a password.",
  why: "Otherwise everything that reaches its port may read every session and delete them all.",
  remedy: "Set `userGroupIds` to a group whose users have passwords, or `authToken`.",
  ids: ["ElastiCache.6", "CKV_AWS_31"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => {
    const ways = [
      mustHaveItems(props, "userGroupIds"),
      mustBeText(props, "authToken"),
      mustBeText(props, "authTokenWo"),
    ];
    return ways.some((way) => way.length === 0)
      ? []
      : violated("Neither `userGroupIds` nor `authToken` is set: the cache asks for no password.");
  },
};

/** Nodes of each shard, the primary among them; the documented way to say it depends on the cluster mode. */
function nodesPerShard(props: Value): Reading<number> {
  const nodes = readCount(props, "numCacheClusters");
  if (nodes.state !== "absent") return nodes;
  const replicas = readCount(props, "replicasPerNodeGroup");
  if (replicas.state !== "absent") return withPrimary(replicas);
  const shards = readList(props, "nodeGroupConfigurations");
  if (shards.state !== "known") return shards;
  const counts = shards.value.map((_, index) => withPrimary(readCount(shards.value, index, "replicaCount")));
  const sizes = counts.flatMap((count) => (count.state === "known" ? [count.value] : []));
  const undecided = counts.find((count) => count.state !== "known");
  const least = Math.min(...sizes);
  // The smallest shard decides; one that is known to be too small does so whatever the others turn out to be.
  if (undecided !== undefined && !(least < SAFE_NODES)) return undecided;
  return sizes.length === 0 ? { state: "absent" } : { state: "known", value: least, secret: shards.secret };
}

/** A primary and one replica. */
const SAFE_NODES = 2;

const withPrimary = (replicas: Reading<number>): Reading<number> =>
  replicas.state === "known" ? { ...replicas, value: replicas.value + 1 } : replicas;

function mustHaveReplica(props: Value): Judgements {
  const nodes = nodesPerShard(props);
  if (nodes.state === "unknown") return unverified("The number of nodes is");
  if (nodes.state === "known" && nodes.value >= SAFE_NODES) return [];
  return violated("Every shard must have a replica: two nodes at least, said as a number.");
}

const cacheFailover: ResourceRule = {
  scope: "resource",
  name: "cache-failover",
  description: "The cache has a replica in another zone that takes over by itself.",
  why: "The loss of one node logs every user out and sends all their reads to the database at once.",
  remedy:
    "Set `automaticFailoverEnabled` and `multiAzEnabled` to true, with `numCacheClusters` of 2 or `replicasPerNodeGroup` of 1 at least.",
  ids: ["ElastiCache.3", "CKV2_AWS_50", "S1-75"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => [
    ...mustBeTrue(props, "automaticFailoverEnabled"),
    ...mustBeTrue(props, "multiAzEnabled"),
    ...mustHaveReplica(props),
  ],
};

const cacheSnapshots: ResourceRule = {
  scope: "resource",
  name: "cache-snapshots",
  description: "Snapshots of the cache are made each day and kept long enough.",
  why: "They stand in for the documented `SAVE`: without one, a cache that is lost comes back empty.",
  remedy: "Set `snapshotRetentionLimit` to the days that are asked for.",
  ids: ["ElastiCache.1", "CKV_AWS_134", "S1-84", "C-29"],
  levels: FROM_ENTERPRISE,
  limits: ["cacheSnapshotDays"],
  types: TYPES,
  check: ({ props }, { cacheSnapshotDays }) => mustBeAtLeast(cacheSnapshotDays, props, "snapshotRetentionLimit"),
};

/** The subnet group that AWS makes in each account, over all subnets of the default network, public ones among them. */
const DEFAULT_SUBNETS = "default";

function mustHaveOwnSubnets(props: Value): Judgements {
  const group = readText(props, "subnetGroupName");
  return group.state === "known" && group.value === DEFAULT_SUBNETS
    ? violated("`subnetGroupName` is the default group of the account.")
    : mustBeText(props, "subnetGroupName");
}

const cachePlacement: ResourceRule = {
  scope: "resource",
  name: "cache-placement",
  description:
    "The cache stands in subnets and behind security groups of the stack, and takes small upgrades by itself.",
  why: "The default group spans the account's default network, whose subnets are public; small upgrades are how known holes are closed.",
  remedy:
    "Set `subnetGroupName` to a group of your private subnets and `securityGroupIds`; leave `autoMinorVersionUpgrade` on.",
  ids: ["ElastiCache.2", "ElastiCache.7", "CKV_AWS_323", "CKV_AWS_322"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => [
    ...mustHaveOwnSubnets(props),
    ...mustHaveItems(props, "securityGroupIds"),
    ...mustNotBeFalse(props, "autoMinorVersionUpgrade"),
  ],
};

/** What is asked of the cache. */
export const cacheRules: readonly Rule[] = [
  cacheAtRest,
  cacheInTransit,
  cacheAuth,
  cacheFailover,
  cacheSnapshots,
  cachePlacement,
];
