import type { Path } from "../../../policy/reading/reader";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";

const SOUND: Readonly<Record<string, Value>> = {
  atRestEncryptionEnabled: true,
  autoMinorVersionUpgrade: true,
  automaticFailoverEnabled: true,
  kmsKeyId: UNKNOWN,
  multiAzEnabled: true,
  numNodeGroups: 2,
  replicasPerNodeGroup: 1,
  securityGroupIds: [UNKNOWN],
  snapshotRetentionLimit: 7,
  subnetGroupName: "cache",
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
  userGroupIds: ["users"],
};
const cache = resource("aws:elasticache/replicationGroup:ReplicationGroup", SOUND);
const SECRET = "q8Lk2Vw9Rt";

const one = (
  kind: Case["kind"],
  title: string,
  change: Readonly<Record<string, Value | undefined>>,
  verdicts: Case["verdicts"] = [],
  more: Partial<Case> = {},
): Case => ({
  kind,
  title,
  resources: [Object.entries(change).reduce((so, [key, value]) => having(so, [key], value), cache)],
  verdicts,
  ...more,
});

const flag = (path: Path) =>
  propertyCases(cache, path, {
    absent: "violated",
    false: "violated",
    true: "passes",
    unknown: "unverified",
    secret: "passes",
  });
const known = (key: string, value: Value) => having(cache, [key], value);

/** Ways to say the number of nodes other than `replicasPerNodeGroup`. */
const shards = (...configurations: readonly Value[]) => ({
  replicasPerNodeGroup: undefined,
  nodeGroupConfigurations: configurations,
});
const nodes = (numCacheClusters: Value) => ({ replicasPerNodeGroup: undefined, numCacheClusters });
const REPLICA = "Every shard must have a replica";

export const CASES: Cases = {
  "cache-at-rest": [
    ...flag(["atRestEncryptionEnabled"]),
    ...propertyCases(known("kmsKeyId", "arn:aws:kms:us-east-1:123456789012:key/1"), ["kmsKeyId"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { empty: ["", "violated"], "a number": [7, "violated"] },
    }),
    one("fail", "no key is told as not set", { kmsKeyId: undefined }, ["violated"], {
      says: ["`kmsKeyId` is not set; it must be set."],
    }),
    one("fail", "an empty key", { kmsKeyId: "" }, ["violated"], { says: ["`kmsKeyId` is empty"] }),
    one("fail", "a key of another kind", { kmsKeyId: [SECRET] }, ["violated"], {
      says: ["`kmsKeyId` is of the wrong type"],
      hides: [SECRET],
    }),
    one("fail", "neither", { atRestEncryptionEnabled: false, kmsKeyId: undefined }, ["violated", "violated"]),
  ],
  "cache-in-transit": [
    ...flag(["transitEncryptionEnabled"]),
    ...propertyCases(cache, ["transitEncryptionMode"], {
      absent: "passes",
      unknown: "unverified",
      secret: "passes",
      values: { preferred: ["preferred", "passes"], another: [SECRET, "violated"] },
    }),
  ],
  "cache-auth": [
    one("pass", "a group of users", {}),
    one("pass", "a token", { userGroupIds: undefined, authToken: new Secret(SECRET) }),
    one("pass", "a token that is only written", { userGroupIds: undefined, authTokenWo: new Secret(SECRET) }),
    one("pass", "a group that is not known yet", { userGroupIds: [UNKNOWN] }),
    one("absent", "neither", { userGroupIds: undefined }, ["violated"], { says: ["asks for no password"] }),
    one("absent", "null", { userGroupIds: null, authToken: null }, ["violated"]),
    one("fail", "no group in the list", { userGroupIds: [] }, ["violated"]),
    one("fail", "an empty token", { userGroupIds: undefined, authToken: "" }, ["violated"]),
    one("fail", "an empty token that is only written", { userGroupIds: undefined, authTokenWo: "" }, ["violated"]),
    one("wrong type", "a text for groups", { userGroupIds: SECRET }, ["violated"], { hides: [SECRET] }),
    one("wrong type", "a number for a token", { userGroupIds: undefined, authToken: 7 }, ["violated"]),
    one("unknown", "the groups", { userGroupIds: UNKNOWN }),
    one("unknown", "the token", { userGroupIds: undefined, authToken: UNKNOWN }),
    one("secret", "marked secret", { userGroupIds: new Secret(["users"]) }),
  ],
  "cache-failover": [
    ...flag(["automaticFailoverEnabled"]),
    ...flag(["multiAzEnabled"]),
    ...propertyCases(cache, ["replicasPerNodeGroup"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { "no replica": [0, "violated"], "two replicas": [2, "passes"], text: ["1", "violated"] },
    }),
    one("pass", "two nodes", nodes(2)),
    one("fail", "one node", nodes(1), ["violated"], { says: [REPLICA] }),
    one("fail", "one node, whatever the replicas", { numCacheClusters: 1 }, ["violated"]),
    one("unknown", "the number of nodes", nodes(UNKNOWN), ["unverified"], {
      says: ["The number of nodes is not known"],
    }),
    one("wrong type", "nodes as a text", nodes("2"), ["violated"]),
    one("pass", "a replica in each shard", shards({ replicaCount: 1 }, { replicaCount: 2 })),
    one("fail", "one shard without", shards({ replicaCount: 2 }, { replicaCount: 0 }), ["violated"]),
    one("fail", "a shard that does not say", shards({ replicaCount: 1 }, {}), ["violated"]),
    one("fail", "no shards", shards(), ["violated"], { says: [REPLICA] }),
    one("unknown", "a shard", shards({ replicaCount: 1 }, UNKNOWN), ["unverified"]),
    one("unknown", "one shard, while another has none", shards({ replicaCount: 0 }, UNKNOWN), ["violated"]),
    one("unknown", "all shards", { replicasPerNodeGroup: undefined, nodeGroupConfigurations: UNKNOWN }, ["unverified"]),
  ],
  "cache-snapshots": [
    ...propertyCases(cache, ["snapshotRetentionLimit"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { "six days": [6, "violated"], "a secret day": [new Secret(1), "violated"], text: ["7", "violated"] },
    }),
    one("pass", "one day on dev", { snapshotRetentionLimit: 1 }, [], { profile: "dev" }),
    one("fail", "none on dev", { snapshotRetentionLimit: 0 }, ["violated"], { profile: "dev" }),
  ],
  "cache-placement": [
    ...propertyCases(cache, ["subnetGroupName"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { empty: ["", "violated"], "a secret default": [new Secret("default"), "violated"] },
    }),
    one("fail", "the default group", { subnetGroupName: "default" }, ["violated"], {
      says: ["default group of the account"],
    }),
    ...propertyCases(cache, ["securityGroupIds"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { "an empty list": [[], "violated"], text: ["sg-1", "violated"] },
    }),
    one("fail", "no security group is told", { securityGroupIds: [] }, ["violated"], {
      says: ["`securityGroupIds` is empty; it must be a list with items."],
    }),
    ...propertyCases(cache, ["autoMinorVersionUpgrade"], {
      absent: "passes",
      false: "violated",
      true: "passes",
      unknown: "unverified",
      secret: "passes",
    }),
  ],
};
