import { describe, expect, it } from "vitest";
import { kms } from "../../../rehearsal/aws/kms";
import { logs } from "../../../rehearsal/aws/logs";
import { oneCloud, unknowns } from "./oneCloud";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const KEY = "aws:kms/key:Key";

const keyFor = (...services: readonly string[]) => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ AWS: "arn:aws:iam::123456789012:root" }, ...services.map((Service) => ({ Service }))].map(
      (Principal) => ({ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }),
    ),
  }),
});

describe("log groups", () => {
  it("are known by their name, with an ARN without a star", async () => {
    const group = await oneCloud(logs).create(GROUP, { name: "/aws/vpc/one", retentionInDays: 90 });
    expect(group.id).toBe("/aws/vpc/one");
    expect(group.arn).toBe("arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/one");
  });

  it.each([
    [{ name: "/aws/rds/instance/one/postgresql", retentionInDays: 30 }, 0],
    [{ name: "with space" }, 1],
    [{ name: "one", retentionInDays: 31 }, 1],
    [{ name: "one", logGroupClass: "CHEAP" }, 1],
    [unknowns("name", "kmsKeyId"), 0],
  ])("such as %j have %i mistakes", (inputs, mistakes) => {
    expect(oneCloud(logs).check(GROUP, inputs)).toHaveLength(mistakes);
  });

  it("take a key that lets CloudWatch Logs of the region use it, and no other", async () => {
    const { create, check } = oneCloud([...logs, ...kms]);
    const open = await create(KEY, keyFor("logs.us-east-1.amazonaws.com"));
    const closed = await create(KEY, keyFor());
    const far = await create(KEY, keyFor("logs.us-west-2.amazonaws.com"));
    expect(check(GROUP, { name: "one", kmsKeyId: open.arn })).toEqual([]);
    for (const key of [closed, far])
      expect(check(GROUP, { name: "one", kmsKeyId: key.arn })).toEqual([
        expect.stringContaining("is not allowed to be used with Arn"),
      ]);
  });

  it("are one of a name in a region", async () => {
    const { create } = oneCloud(logs);
    await create(GROUP, { name: "one" });
    await create(GROUP, { name: "one", region: "us-west-2" });
    await expect(create(GROUP, { name: "one" })).rejects.toThrow(/already exists/);
  });

  it("are replaced by another name only", () => {
    const { replaces } = oneCloud(logs);
    expect(replaces(GROUP, { name: "one" }, { name: "two" })).toEqual(["name"]);
    expect(replaces(GROUP, { retentionInDays: 30 }, { retentionInDays: 90, kmsKeyId: "key" })).toEqual([]);
  });

  it("stay while they are protected", async () => {
    const { create, remove } = oneCloud(logs);
    const group = await create(GROUP, { name: "one", deletionProtectionEnabled: true });
    await expect(remove(GROUP, group.id)).rejects.toThrow(/deletion protection/);
  });
});
