import { describe, expect, it } from "vitest";
import { EncryptionKey, type EncryptionKeyArgs, SNS_PUBLISHERS } from "../../../components/encryption/key";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const ARGS: EncryptionKeyArgs = {
  purpose: "alerts",
  accountId: "123456789012",
  region: "us-east-1",
  deletionProtection: true,
};

async function makeKey(more: Partial<EncryptionKeyArgs> = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const key = new EncryptionKey("alerts", { ...ARGS, ...more }, records.opts);
  await records.made();
  const { inputs, outputs } = cloud.one("key:Key");
  const statements: { Principal: Record<string, string>; Action: string[]; Condition?: unknown }[] = JSON.parse(
    String(inputs.policy),
  ).Statement;
  const of = (service: string) => statements.find(({ Principal }) => Principal.Service === service);
  return { key, inputs, outputs, statements, of, ...cloud, ...records };
}

describe("a key", () => {
  it("rotates, takes thirty days to go, and is known by the name of its purpose", async () => {
    const { key, inputs, outputs, one } = await makeKey();
    expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30, region: "us-east-1" });
    expect(one("alias:Alias").inputs).toMatchObject({ name: "alias/aibase-test-alerts", targetKeyId: outputs.keyId });
    expect(await resolved(key.arn)).toBe(outputs.arn);
    expect(await resolved(key.id)).toBe(outputs.keyId);
  });

  it.each([true, false])("is protected as it is told: %s", async (deletionProtection) => {
    const { find } = await makeKey({ deletionProtection });
    expect(find("alerts-key").opts.protect).toBe(deletionProtection);
  });

  it("leaves who may use it to the account's IAM, and to no service", async () => {
    const { statements } = await makeKey();
    expect(statements).toEqual([
      {
        Sid: "IamOfTheAccountDecides",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
  });

  it("stands with its alias in the region that it is for", async () => {
    const { inputs, of, one } = await makeKey({ region: "us-west-2", services: ["logs"] });
    expect(inputs.region).toBe("us-west-2");
    expect(one("alias:Alias").inputs.region).toBe("us-west-2");
    expect(of("logs.us-west-2.amazonaws.com")?.Condition).toEqual({
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-west-2:123456789012:log-group:*" },
    });
  });

  it("opens to the publishers of alerts for this account's sources; EventBridge and AWS Backup name none", async () => {
    const { of, statements } = await makeKey({ services: SNS_PUBLISHERS });
    const ofAccount = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    for (const service of ["cloudwatch", "events.rds", "budgets"])
      expect(of(`${service}.amazonaws.com`)).toMatchObject({
        Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
        Condition: ofAccount,
      });
    for (const service of ["events", "backup"]) expect(of(`${service}.amazonaws.com`)).not.toHaveProperty("Condition");
    expect(statements).toHaveLength(6);
  });

  it("can be transformed", async () => {
    const { inputs } = await makeKey({ transform: { key: (args) => ({ ...args, rotationPeriodInDays: 90 }) } });
    expect(inputs.rotationPeriodInDays).toBe(90);
  });
});
