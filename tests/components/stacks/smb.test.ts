import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { environment, type MadeStack, makeStack } from "./makeStack";

let stack: MadeStack;
beforeAll(async () => {
  stack = await makeStack("smb");
});

describe("the stack smb", () => {
  it("S1-89: is PostgreSQL, S3 and Redis", () => {
    const { all, one, contract } = stack;
    expect(contract).toMatchObject({ DB_TYPE: "postgresql", FILE_STORAGE_TYPE: "s3", CACHE_TYPE: "redis" });
    expect(one("rds/instance:Instance").inputs).toMatchObject({ engine: "postgres" });
    expect(all("s3/bucket:Bucket").map(({ inputs }) => inputs.bucket)).toContain(contract.FILE_STORAGE_S3_BUCKET);
    expect(one("replicationGroup:ReplicationGroup").inputs).toMatchObject({ engine: "redis" });
  });

  it("S1-16: gives the application the id of the access key that was made for it, from a Secret", () => {
    const { type, name } = stack.one("iam/accessKey:AccessKey");
    const [key] = stack.world.all(type);
    expect(key?.urn).toContain(name);
    expect(environment(stack).get("FILE_STORAGE_S3_ACCESS_KEY")).toEqual({ value: key?.id, secret: "s3-credentials" });
  });

  it("S1-20: reaches the cache at 6379, which no setting names", () => {
    expect(stack.contract.CACHE_REDIS_PORT).toBe("6379");
    expect(environment(stack).get("CACHE_REDIS_PORT")).toEqual({ value: "6379" });
  });
});

describe("the contract of a stack in a cloud", () => {
  it("is told only as a secret", async () => {
    expect(await pulumi.isSecret(pulumi.output(stack.outputs.contract))).toBe(true);
  });

  it("is what the container gets, variable by variable", () => {
    const given = Object.fromEntries([...environment(stack)].map(([name, { value }]) => [name, value]));
    expect(given).toEqual(stack.contract);
  });

  it("has its credentials in Secrets, and nowhere in the Deployment", () => {
    const { one, contract } = stack;
    const deployment = JSON.stringify(one("apps/v1:Deployment").inputs);
    for (const name of ["DB_PG_PASSWORD", "DATABASE_URL", "FILE_STORAGE_S3_SECRET_KEY", "CACHE_REDIS_PASSWORD"]) {
      expect(contract[name], name).toMatch(/.{12}/);
      expect(environment(stack).get(name)?.secret, name).toBeDefined();
      expect(deployment.includes(String(contract[name])), name).toBe(false);
    }
  });
});
