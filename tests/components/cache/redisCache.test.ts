import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { APP_ACCESS } from "../../../components/cache/appAccess";
import { RedisCache, type RedisCacheArgs } from "../../../components/cache/redisCache";
import { type Rehearsed, rehearsedMocks } from "../../../rehearsal/mocks";
import { UserError } from "../../../settings/errors";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const GROUP = "elasticache/replicationGroup:ReplicationGroup";
const ACCOUNT = "123456789012";

/** Makes a cache in a network of three zones. */
async function make(more: Partial<RedisCacheArgs> = {}) {
  const mocks = rehearsedMocks({ stack: "prod" });
  const records = recording();
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.20.0.0/16" });
  const subnets = ["a", "b", "c"].map(
    (zone, index) =>
      new aws.ec2.Subnet(zone, {
        vpcId: vpc.id,
        cidrBlock: `10.20.${index}.0/24`,
        availabilityZone: `us-east-1${zone}`,
      }),
  );
  const args: RedisCacheArgs = {
    engine: "redis",
    topology: { shards: 2, replicasPerShard: 1 },
    nodeType: "cache.m7g.large",
    tls: "required",
    snapshotDays: 7,
    maxmemoryPolicy: "volatile-lru",
    vpcId: vpc.id,
    subnetIds: subnets.map(({ id }) => id),
    allowFrom: { cidr: "10.20.0.0/16" },
    accountId: ACCOUNT,
    region: "us-east-1",
    deletionProtection: true,
    ...more,
  };
  const cache = new RedisCache("cache", args, records.opts);
  await records.made();
  return { ...mocks, cache, told: records.recorded, group: mocks.one(GROUP) };
}

const parametersOf = ({ inputs }: Rehearsed) =>
  Object.fromEntries((inputs.parameters as { name: string; value: string }[]).map(({ name, value }) => [name, value]));

describe("RedisCache, clustered", () => {
  it("is a cluster of shards with replicas, failing over between zones", async () => {
    const { group, cache, one } = await make();
    expect(group.inputs).toMatchObject({
      replicationGroupId: "aibase-prod-cache",
      engine: "redis",
      engineVersion: "7.1",
      nodeType: "cache.m7g.large",
      numNodeGroups: 2,
      replicasPerNodeGroup: 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
    });
    expect(group.inputs.numCacheClusters).toBeUndefined();
    expect(parametersOf(one("parameterGroup:ParameterGroup"))["cluster-enabled"]).toBe("yes");
    expect(cache.replicationGroupId).toBe("aibase-prod-cache");
    expect(cache.memberIds).toEqual(group.outputs.memberClusters);
    expect(await resolved(cache.nodeType)).toBe("cache.m7g.large");
  });

  it("offers the configuration endpoint, with TLS and a user", async () => {
    const { cache } = await make();
    const { host, username, password, ...rest } = cache.endpoint;
    expect(rest).toEqual({ kind: "redis", port: 6379, tls: true });
    expect(await resolved(host)).toMatch(/^clustercfg\.aibase-prod-cache\./);
    expect(await resolved(username ?? "")).toBe("app");
    expect(await resolved(password ?? "")).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(password === undefined ? false : await pulumi.isSecret(password)).toBe(true);
  });
});

describe("RedisCache of one node", () => {
  it("has no cluster mode and no failover", async () => {
    const { group, one, cache } = await make({ topology: { nodes: 1 }, nodeType: "cache.t4g.small" });
    expect(group.inputs).toMatchObject({
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
    });
    expect(group.inputs.numNodeGroups).toBeUndefined();
    expect(parametersOf(one("parameterGroup:ParameterGroup"))["cluster-enabled"]).toBe("no");
    expect(cache.memberIds).toEqual(["aibase-prod-cache-001"]);
    expect(await resolved(cache.endpoint.host)).toMatch(/^master\.aibase-prod-cache\./);
  });

  it("fails over between zones as soon as there are two", async () => {
    const { group } = await make({ topology: { nodes: 2 } });
    expect(group.inputs).toMatchObject({ automaticFailoverEnabled: true, multiAzEnabled: true });
  });
});

describe("safety of a RedisCache", () => {
  it("is encrypted with a key of its own, at rest and on the wire", async () => {
    const { group, one } = await make();
    expect(group.inputs).toMatchObject({
      atRestEncryptionEnabled: true,
      kmsKeyId: one("kms/key:Key").outputs.arn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
    });
  });

  it("lets clients move over to TLS while it is preferred", async () => {
    const { group, cache } = await make({ tls: "preferred" });
    expect(group.inputs.transitEncryptionMode).toBe("preferred");
    expect(cache.endpoint.tls).toBe(true);
  });

  it("is saved every day outside maintenance, and once more before it is deleted", async () => {
    const { group } = await make();
    expect(group.inputs).toMatchObject({
      snapshotRetentionLimit: 7,
      snapshotWindow: "04:00-05:00",
      maintenanceWindow: "sun:06:00-sun:07:00",
      finalSnapshotIdentifier: "aibase-prod-cache-final",
    });
    const { group: longer } = await make({ snapshotDays: 35, maintenanceWindow: "mon:22:00-mon:23:00" });
    expect(longer.inputs).toMatchObject({ snapshotRetentionLimit: 35, maintenanceWindow: "mon:22:00-mon:23:00" });
    await expect(make({ maintenanceWindow: "mon:04:30-mon:05:30" })).rejects.toThrow(UserError);
  });

  it("waits for the window with changes and takes minor versions", async () => {
    const { group } = await make();
    expect(group.inputs).toMatchObject({ applyImmediately: true, autoMinorVersionUpgrade: true });
  });

  it.each([true, false])("is protected in the engine: %s", async (deletionProtection) => {
    const { told } = await make({ deletionProtection });
    const protectedOnes = told.filter(({ opts }) => opts.protect === true).map(({ type }) => type);
    expect(protectedOnes.sort()).toEqual(
      deletionProtection ? ["aws:elasticache/replicationGroup:ReplicationGroup", "aws:kms/key:Key"] : [],
    );
  });

  it("has all its parts below it", async () => {
    const { told } = await make();
    const orphans = told.filter(({ type, opts }) => type.startsWith("aws:") && opts.parent === undefined);
    expect(orphans.map(({ name }) => name)).toEqual([]);
  });

  it("can be reached from the network on its port, and reaches nothing", async () => {
    const { all, one } = await make({ allowFrom: { cidr: "10.9.0.0/16" } });
    expect(one("securityGroupIngressRule:SecurityGroupIngressRule").inputs).toMatchObject({
      ipProtocol: "tcp",
      fromPort: 6379,
      toPort: 6379,
      cidrIpv4: "10.9.0.0/16",
    });
    expect(all("securityGroupEgressRule:SecurityGroupEgressRule")).toEqual([]);
    expect(one("ec2/securityGroup:SecurityGroup").inputs.egress).toBeUndefined();
  });
});

describe("users of a RedisCache", () => {
  it("are an application without administration and a default user who is off", async () => {
    const { all, group, one } = await make();
    const users = all("elasticache/user:User").map(({ inputs }) => [inputs.userName, inputs.accessString]);
    expect(Object.fromEntries(users)).toEqual({ app: APP_ACCESS, default: "off ~* -@all" });
    expect(APP_ACCESS).toMatch(/-@admin -@dangerous/);
    expect(group.inputs.userGroupIds).toEqual([one("elasticache/userGroup:UserGroup").outputs.userGroupId]);
    expect(one("elasticache/userGroup:UserGroup").inputs.userIds).toHaveLength(2);
  });

  it("have a secret with name and password, encrypted with the key", async () => {
    const { one, cache } = await make();
    const secret = one("secretsmanager/secret:Secret");
    expect(secret.inputs.kmsKeyId).toBe(one("kms/key:Key").outputs.arn);
    expect(secret.inputs.recoveryWindowInDays).toBeUndefined();
    const { secretString } = one("secretsmanager/secretVersion:SecretVersion").inputs;
    expect(JSON.parse(String(secretString))).toEqual({
      username: "app",
      password: await resolved(cache.endpoint.password ?? ""),
    });
  });

  it("keep their passwords out of names and plain inputs", async () => {
    const { made, cache } = await make();
    const password = await resolved(cache.endpoint.password ?? "");
    const holders = made.filter(({ inputs }) => JSON.stringify(inputs).includes(password)).map(({ type }) => type);
    expect(holders.sort()).toEqual(["aws:elasticache/user:User", "aws:secretsmanager/secretVersion:SecretVersion"]);
    expect(made.some(({ name }) => name.includes(password))).toBe(false);
  });
});

describe("parameters and logs of a RedisCache", () => {
  it("name the policy for a full memory and reserve a quarter", async () => {
    const { one } = await make({ maxmemoryPolicy: "allkeys-lfu" });
    expect(parametersOf(one("parameterGroup:ParameterGroup"))).toEqual({
      "cluster-enabled": "yes",
      "maxmemory-policy": "allkeys-lfu",
      "reserved-memory-percent": "25",
    });
  });

  it("S1-36: Valkey has its own family, and a parameter group that can stand beside that of Redis", async () => {
    const redis = (await make()).one("parameterGroup:ParameterGroup");
    const { one, group, cache } = await make({ engine: "valkey" });
    const valkey = one("parameterGroup:ParameterGroup");
    expect([redis.inputs.family, valkey.inputs.family]).toEqual(["redis7", "valkey8"]);
    expect(valkey.inputs.name).not.toBe(redis.inputs.name);
    expect(group.inputs).toMatchObject({ engine: "valkey", engineVersion: "8.2" });
    expect(cache.endpoint.kind).toBe("valkey");
  });

  it("go into encrypted log groups with an end", async () => {
    const { all, group, one } = await make();
    const groups = all("cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs);
    expect(groups.map(({ name }) => name).sort()).toEqual([
      "/aws/elasticache/aibase-prod-cache/engine-log",
      "/aws/elasticache/aibase-prod-cache/slow-log",
    ]);
    for (const { kmsKeyId, retentionInDays } of groups) {
      expect(kmsKeyId).toBe(one("kms/key:Key").outputs.arn);
      expect(retentionInDays).toBe(365);
    }
    expect(group.inputs.logDeliveryConfigurations).toHaveLength(2);
  });
});

describe("a RedisCache as its user wants it", () => {
  it("takes the last word on group, parameters and security group", async () => {
    const { group, one } = await make({
      transform: {
        replicationGroup: (args) => ({ ...args, description: "mine" }),
        parameterGroup: (args) => ({ ...args, description: "mine" }),
        securityGroup: (args) => ({ ...args, description: "mine" }),
      },
    });
    expect(group.inputs.description).toBe("mine");
    expect(one("parameterGroup:ParameterGroup").inputs.description).toBe("mine");
    expect(one("ec2/securityGroup:SecurityGroup").inputs.description).toBe("mine");
  });

  it("refuses more nodes than a cache can have", async () => {
    await expect(make({ topology: { shards: 500, replicasPerShard: 1 } })).rejects.toThrow(/500/);
  });
});
