import { beforeEach, describe, expect, it } from "vitest";
import { elasticache, shortRegion } from "../../../rehearsal/aws/elasticache";
import { familyOf, isOlder } from "../../../rehearsal/aws/elasticacheEngines";
import { type ResourceModel, UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
const SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
const USER = "aws:elasticache/user:User";
const USERS = "aws:elasticache/userGroup:UserGroup";

const subnet: ResourceModel = {
  type: "aws:ec2/subnet:Subnet",
  replaces: [],
  source: "stands in for the network's own model",
  id: (inputs) => `subnet-${String(inputs.cidrBlock)}`,
  outputs: () => ({}),
};

const group = {
  replicationGroupId: "cache",
  description: "cache",
  engine: "redis",
  engineVersion: "7.1",
  nodeType: "cache.t4g.small",
  numCacheClusters: 2,
  automaticFailoverEnabled: true,
  multiAzEnabled: true,
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
};
const shards = {
  ...group,
  numCacheClusters: undefined,
  numNodeGroups: 2,
  replicasPerNodeGroup: 1,
  parameterGroupName: "on",
};
const user = {
  userId: "app",
  userName: "app",
  engine: "redis",
  accessString: "on ~* +@all",
  passwords: ["p".repeat(20)],
};

let cloud: ReturnType<typeof oneCloud>;
const parameters = (name: string, family: string, clusterEnabled: string) =>
  cloud.create(PARAMETERS, {
    name,
    family,
    description: name,
    parameters: [{ name: "cluster-enabled", value: clusterEnabled }],
  });
beforeEach(() => {
  cloud = oneCloud([...elasticache, subnet]);
});

describe("endpoints of a cache", () => {
  it("begin with master and replica, and have the short name of the region", async () => {
    const made = await cloud.create(GROUP, group);
    expect(made.primaryEndpointAddress).toMatch(/^master\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/);
    expect(made.readerEndpointAddress).toMatch(/^replica\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/);
    expect(made.configurationEndpointAddress).toBeUndefined();
    expect(made).toMatchObject({
      arn: "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:cache",
      memberClusters: ["cache-001", "cache-002"],
      clusterEnabled: false,
      engineVersionActual: "7.1.0",
    });
  });

  it("are one configuration endpoint in cluster mode", async () => {
    await parameters("on", "redis7", "yes");
    const made = await cloud.create(GROUP, shards);
    expect(made.configurationEndpointAddress).toMatch(/^clustercfg\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/);
    expect(made.primaryEndpointAddress).toBeUndefined();
    expect(made.memberClusters).toEqual(["cache-0001-001", "cache-0001-002", "cache-0002-001", "cache-0002-002"]);
  });

  it.each([
    ["us-east-1", "use1"],
    ["us-west-2", "usw2"],
    ["eu-central-1", "euc1"],
    ["ap-northeast-1", "apne1"],
    ["ap-southeast-2", "apse2"],
    ["ca-central-1", "cac1"],
    ["sa-east-1", "sae1"],
  ])("call %s %s", (region, short) => {
    expect(shortRegion(region)).toBe(short);
  });
});

describe("a cache", () => {
  it("is made anew where the provider says so, and nowhere else", async () => {
    await cloud.create(GROUP, group);
    const replaces = (change: object) => cloud.replaces(GROUP, "cache", { ...change });
    for (const [input, value] of Object.entries({
      replicationGroupId: "other",
      atRestEncryptionEnabled: false,
      kmsKeyId: "other",
      port: 6380,
      subnetGroupName: "other",
      dataTieringEnabled: true,
      snapshotName: "before",
    }))
      expect(replaces({ [input]: value })).toEqual([input]);
    const inPlace = { engine: "valkey", engineVersion: "8.2", nodeType: "cache.m7g.large", numCacheClusters: 3 };
    expect(replaces({ ...inPlace, parameterGroupName: "x", transitEncryptionMode: "preferred" })).toEqual([]);
  });

  it.each([
    ["an id that is too long", { replicationGroupId: "c".repeat(41) }],
    ["an id with two hyphens", { replicationGroupId: "a--b" }],
    ["a node type that is none", { nodeType: "cache.m7g.tiny" }],
    ["a version that the engine has not", { engineVersion: "8.2" }],
    ["several zones without failover", { automaticFailoverEnabled: false }],
    ["failover with one node", { numCacheClusters: 1 }],
    ["seven nodes in one group", { numCacheClusters: 7 }],
    ["nodes and shards together", { numNodeGroups: 2 }],
    ["a key without encryption", { kmsKeyId: "key", atRestEncryptionEnabled: false }],
    ["users without TLS", { userGroupIds: ["users"], transitEncryptionEnabled: false }],
    ["a TLS mode without TLS", { transitEncryptionMode: "required", transitEncryptionEnabled: false }],
    ["snapshots for 36 days", { snapshotRetentionLimit: 36 }],
  ])("is refused with %s", (_, change) => {
    expect(cloud.check(GROUP, { ...group, ...change })).not.toEqual([]);
  });

  it("is refused with parameters of another family, and with shards and no cluster mode", async () => {
    await parameters("v8", "valkey8", "no");
    await parameters("off", "redis7", "no");
    const check = (change: object) => cloud.check(GROUP, { ...group, ...change }).join();
    expect(check({ parameterGroupName: "v8" })).toMatch(/expected a parameter group of family redis7/);
    expect(check({ parameterGroupName: "off" })).toBe("");
    expect(check({ ...shards, parameterGroupName: "off" })).toMatch(/cluster-enabled yes/);
    expect(check({ parameterGroupName: UNKNOWN })).toBe("");
  });

  it("needs what it names", async () => {
    for (const change of [{ parameterGroupName: "none" }, { subnetGroupName: "none" }, { userGroupIds: ["none"] }])
      await expect(cloud.create(GROUP, { ...group, ...change })).rejects.toThrow(/there is no/);
  });

  it("becomes Valkey in place and never Redis again, nor older", async () => {
    await cloud.create(GROUP, group);
    const valkey = { ...group, engine: "valkey", engineVersion: "8.2" };
    const made = await cloud.update(GROUP, "cache", valkey);
    expect(made.engineVersionActual).toBe("8.2.0");
    expect(cloud.replaces(GROUP, valkey, { engine: "redis" })).toEqual(["engine"]);
    expect(cloud.replaces(GROUP, valkey, { engineVersion: "8.0" })).toEqual(["engineVersion"]);
    expect(cloud.replaces(GROUP, group, { engineVersion: "7.0" })).toEqual(["engineVersion"]);
    expect(cloud.replaces(GROUP, group, valkey)).toEqual([]);
  });

  it("does not turn cluster mode on or off", async () => {
    await parameters("on", "redis7", "yes");
    await cloud.create(GROUP, group);
    await expect(cloud.update(GROUP, "cache", shards)).rejects.toThrow(/cluster mode/);
    await cloud.create(GROUP, { ...shards, replicationGroupId: "second" });
    await cloud.update(GROUP, "second", { ...shards, replicationGroupId: "second", numNodeGroups: 3 });
    await expect(cloud.update(GROUP, "second", { ...group, replicationGroupId: "second" })).rejects.toThrow(
      /cluster mode/,
    );
  });

  it("turns TLS on by way of preferred", async () => {
    const open = { ...group, transitEncryptionEnabled: false };
    await cloud.create(GROUP, open);
    await expect(cloud.update(GROUP, "cache", { ...group, transitEncryptionMode: "required" })).rejects.toThrow(
      /preferred before/,
    );
  });
});

describe("what a cache uses", () => {
  it("cannot be deleted before it", async () => {
    await parameters("off", "redis7", "no");
    await cloud.create(GROUP, { ...group, parameterGroupName: "off" });
    await expect(cloud.remove(PARAMETERS, "off")).rejects.toThrow(/in use by the cache cache/);
    await cloud.remove(GROUP, "cache");
    await cloud.remove(PARAMETERS, "off");
  });

  it("are parameters that ElastiCache has", () => {
    const check = (family: string, name: string, value: string) =>
      cloud.check(PARAMETERS, { family, description: "p", parameters: [{ name, value }] }).join();
    expect(check("redis7", "maxmemory-policy", "volatile-lru")).toBe("");
    expect(check("redis7", "maxmemory-policy", "lru")).toMatch(/cannot be lru/);
    expect(check("redis7", "max-memory", "1")).toMatch(/there is no parameter/);
    expect(check("redis8", "maxmemory-policy", "noeviction")).toMatch(/is no family/);
    expect(check("redis7", "reserved-memory-percent", "125")).toMatch(/cannot be/);
  });

  it("is a family for each version", () => {
    expect(familyOf("redis", "7.1")).toBe("redis7");
    expect(familyOf("redis", "6.2")).toBe("redis6.x");
    expect(familyOf("valkey", "8.2")).toBe("valkey8");
    expect([isOlder("7.1", "7.2"), isOlder("8.0", "7.2"), isOlder("7.1", "7.1")]).toEqual([true, false, false]);
  });

  it("are subnets of one VPC that exist", async () => {
    for (const [cidrBlock, vpcId] of [
      ["a", "vpc-1"],
      ["b", "vpc-1"],
      ["c", "vpc-2"],
    ])
      await cloud.create(subnet.type, { cidrBlock, vpcId });
    const make = (...ids: string[]) =>
      cloud.create(SUBNETS, { name: "s", description: "s", subnetIds: ids.map((id) => `subnet-${id}`) });
    expect(await make("a", "b")).toMatchObject({ vpcId: "vpc-1" });
    await expect(make("a", "c")).rejects.toThrow(/same VPC/);
    await expect(make("d")).rejects.toThrow(/there is no/);
  });
});

describe("users of a cache", () => {
  it.each([
    ["a password that is too short", { passwords: ["short"] }],
    ["a password with a sign that is forbidden", { passwords: ["with/a/slash/in/the/midst"] }],
    ["no password", { passwords: [] }],
    ["three passwords", { passwords: ["a", "b", "c"].map((sign) => sign.repeat(20)) }],
    ["a password in the access string", { accessString: "on >secret ~* +@all" }],
    ["nopass in the access string", { accessString: "on nopass ~* +@all" }],
    ["AWS's own id", { userId: "default" }],
    ["Valkey and no password", { engine: "valkey", passwords: undefined, noPasswordRequired: true }],
  ])("are refused with %s", (_, change) => {
    expect(cloud.check(USER, { ...user, ...change })).not.toEqual([]);
  });

  it("form groups that hold one user named default, of Redis", async () => {
    await cloud.create(USER, user);
    await cloud.create(USER, { ...user, userId: "nobody", userName: "default" });
    await cloud.create(USER, { ...user, userId: "modern", userName: "modern", engine: "valkey" });
    const check = (engine: string, ...userIds: unknown[]) =>
      cloud.check(USERS, { userGroupId: "g", engine, userIds }).join();
    expect(check("redis", "app", "nobody")).toBe("");
    expect(check("redis", "app", "default")).toBe("");
    expect(check("redis", "app")).toMatch(/DefaultUserRequired/);
    expect(check("redis", "nobody", "default")).toMatch(/DuplicateUserName/);
    expect(check("redis", "nobody", "modern")).toMatch(/of the engine redis only/);
    expect(check("valkey", "modern")).toBe("");
    expect(check("redis", UNKNOWN)).toBe("");
  });

  it("of Redis serve Valkey too, but not the other way round", async () => {
    await cloud.create(USER, { ...user, userId: "modern", engine: "valkey" });
    await cloud.create(USERS, { userGroupId: "g", engine: "valkey", userIds: ["modern"] });
    expect(cloud.check(GROUP, { ...group, userGroupIds: ["g"] }).join()).toMatch(/engine redis only/);
  });
});
