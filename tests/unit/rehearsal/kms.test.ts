import { describe, expect, it } from "vitest";
import { kms } from "../../../rehearsal/aws/kms";
import { oneCloud, unknowns } from "./oneCloud";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

const policy = (...principals: readonly object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: principals.map((Principal) => ({ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" })),
  });
const ROOT = { AWS: "arn:aws:iam::123456789012:root" };

describe("keys", () => {
  it("have the id of a UUID and the ARN of their region", async () => {
    const key = await oneCloud(kms).create(KEY, { policy: policy(ROOT), region: "us-west-2" });
    expect(key.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(key).toMatchObject({ arn: `arn:aws:kms:us-west-2:123456789012:key/${key.id}`, keyId: key.id });
  });

  it.each([
    [{}, 0],
    [{ policy: policy(ROOT, { Service: "logs.us-east-1.amazonaws.com" }) }, 0],
    [{ policy: policy({ Service: "logs.us-east-1.amazonaws.com" }) }, 1],
    [{ policy: policy({ AWS: "arn:aws:iam::210987654321:root" }) }, 1],
    [{ policy: policy({ AWS: "arn:aws:iam::210987654321:root" }), bypassPolicyLockoutSafetyCheck: true }, 0],
    [{ deletionWindowInDays: 30 }, 0],
    [{ deletionWindowInDays: 6 }, 1],
    [{ rotationPeriodInDays: 90 }, 1],
    [{ rotationPeriodInDays: 90, enableKeyRotation: true }, 0],
    [{ keyUsage: "EVERYTHING" }, 1],
    [unknowns("policy", "deletionWindowInDays"), 0],
  ])("such as %j have %i mistakes", (inputs, mistakes) => {
    expect(oneCloud(kms).check(KEY, inputs)).toHaveLength(mistakes);
  });

  it("refuse a policy that is none", () => {
    expect(oneCloud(kms).check(KEY, { policy: "{" }).join()).toContain("MalformedPolicyDocument");
  });

  it("are replaced by another kind of key, and not by rotation, policy or the days of deletion", () => {
    const { replaces } = oneCloud(kms);
    expect(replaces(KEY, { multiRegion: false }, { multiRegion: true })).toEqual(["multiRegion"]);
    expect(replaces(KEY, { enableKeyRotation: false }, { enableKeyRotation: true, policy: "{}" })).toEqual([]);
  });
});

describe("aliases", () => {
  it("lead to a key that is there, one of a name in a region", async () => {
    const { create } = oneCloud(kms);
    const key = await create(KEY, {});
    const alias = await create(ALIAS, { name: "alias/one", targetKeyId: key.id });
    expect(alias).toMatchObject({
      arn: "arn:aws:kms:us-east-1:123456789012:alias/one",
      targetKeyArn: key.arn,
    });
    await expect(create(ALIAS, { name: "alias/one", targetKeyId: key.id })).rejects.toThrow(/already exists/);
    const far = await create(KEY, { region: "us-west-2" });
    await create(ALIAS, { name: "alias/one", targetKeyId: far.id, region: "us-west-2" });
    await expect(create(ALIAS, { name: "alias/two", targetKeyId: "none" })).rejects.toThrow(/no aws:kms\/key:Key/);
  });

  it.each(["one", "alias/aws/one", "alias/with space"])("are not called %s", (name) => {
    expect(oneCloud(kms).check(ALIAS, { name, targetKeyId: "key" })).toHaveLength(1);
  });
});
