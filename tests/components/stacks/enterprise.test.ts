import { beforeAll, describe, expect, it } from "vitest";
import { tierByName } from "../../../settings";
import { environment, type MadeStack, makeStack } from "./makeStack";

const INSTANCE = "rds/instance:Instance";
const CACHE = "replicationGroup:ReplicationGroup";

let stack: MadeStack;
beforeAll(async () => {
  stack = await makeStack("prod");
});

describe("the stack prod, of tier enterprise", () => {
  it("S1-90: is PostgreSQL, S3 and a cluster of Redis", () => {
    const { one, contract } = stack;
    expect(contract).toMatchObject({ DB_TYPE: "postgresql", FILE_STORAGE_TYPE: "s3", CACHE_TYPE: "redis" });
    expect(one(INSTANCE, "primary").inputs.engine).toBe("postgres");
    expect(one(CACHE).outputs).toMatchObject({ engine: "redis", clusterMode: "enabled", numNodeGroups: 2 });
    expect(contract.CACHE_REDIS_HOST).toMatch(/^clustercfg\./);
  });

  it("S4-10: has read replicas, from 100,000 to a million users", () => {
    const { all, one } = stack;
    expect(tierByName("enterprise").users).toMatchObject({ min: 100_000, max: 1_000_000 });
    const replicas = all(INSTANCE).filter(({ inputs }) => inputs.replicateSourceDb !== undefined);
    expect(replicas).toHaveLength(2);
    for (const { inputs } of replicas)
      expect(inputs.replicateSourceDb).toBe(one(INSTANCE, "primary").inputs.identifier);
  });

  it("S0-36: fails over by itself: the database to a standby, the cache to another zone", () => {
    const { one } = stack;
    expect(one(INSTANCE, "primary").inputs.multiAz).toBe(true);
    expect(one(CACHE).inputs).toMatchObject({ automaticFailoverEnabled: true, multiAzEnabled: true });
  });

  it("has no key for its files: its pods have an identity of their own", () => {
    expect(stack.all("iam/accessKey:AccessKey")).toEqual([]);
    expect(stack.contract).not.toHaveProperty("FILE_STORAGE_S3_ACCESS_KEY");
    expect(stack.all("PodIdentityAssociation").length).toBeGreaterThan(0);
  });

  it("gives the container the contract, variable by variable", () => {
    const given = Object.fromEntries([...environment(stack)].map(([name, { value }]) => [name, value]));
    expect(given).toEqual(stack.contract);
  });
});
