import { describe, expect, it } from "vitest";
import { secretsmanager } from "../../../rehearsal/aws/secretsmanager";
import { serverlessrepo } from "../../../rehearsal/aws/serverlessrepo";
import type { Values } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const STACK = "aws:serverlessrepository/cloudFormationStack:CloudFormationStack";

const APPLICATION: Values = {
  name: "rotation",
  applicationId:
    "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotationSingleUser",
  semanticVersion: "1.1.671",
  capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
  parameters: { endpoint: "https://secretsmanager.us-east-1.amazonaws.com", functionName: "rotation" },
};

async function cloudWithSecret() {
  const cloud = oneCloud([...secretsmanager, ...serverlessrepo]);
  const secret = await cloud.create(SECRET, { name: "aibase-test-database-master" });
  return { ...cloud, secret, secretId: secret.id };
}

describe("a secret", () => {
  it("is known by an ARN that ends in six characters of chance", async () => {
    const { secret } = await cloudWithSecret();
    expect(secret.arn).toMatch(
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:aibase-test-database-master-[0-9a-z]{6}$/,
    );
    expect(secret.id).toBe(secret.arn);
  });

  it("has a name of its own, and is replaced by another one only", async () => {
    const { create, replaces, secretId } = await cloudWithSecret();
    await expect(create(SECRET, { name: "aibase-test-database-master" })).rejects.toThrow(/already exists/);
    expect(replaces(SECRET, secretId, { name: "other" })).toEqual(["name"]);
    expect(replaces(SECRET, secretId, { description: "x", recoveryWindowInDays: 7 })).toEqual([]);
  });

  it.each([
    [/letters, digits/, { name: "with space" }],
    [/0 or 7 to 30/, { name: "a", recoveryWindowInDays: 3 }],
    [/there is no aws:kms\/key:Key/, { name: "a", kmsKeyId: "arn:none" }],
  ])("is refused: %s", async (message, inputs) => {
    const { create } = await cloudWithSecret();
    await expect(create(SECRET, inputs)).rejects.toThrow(message);
  });
});

describe("a secret's value", () => {
  it("is a version, and another value is another version", async () => {
    const { create, replaces, secretId } = await cloudWithSecret();
    const version = await create(VERSION, { secretId, secretString: "{}" });
    expect(version).toMatchObject({ versionStages: ["AWSCURRENT"], arn: secretId });
    expect(version.id).toMatch(/\|terraform-[0-9a-f]{26}$/);
    expect(replaces(VERSION, version.id, { secretString: "{ }" })).toEqual(["secretString"]);
  });

  it.each([
    [/exactly one/, {}],
    [/exactly one/, { secretString: "a", secretBinary: "YQ==" }],
    [/at most 65536/, { secretString: "a".repeat(65_537) }],
  ])("is refused: %s", async (message, inputs) => {
    const { create, secretId } = await cloudWithSecret();
    await expect(create(VERSION, { secretId, ...inputs })).rejects.toThrow(message);
  });

  it("is refused of a secret that is not there", async () => {
    const { create } = await cloudWithSecret();
    await expect(create(VERSION, { secretId: "arn:none", secretString: "a" })).rejects.toThrow(/there is no/);
  });
});

describe("a rotation", () => {
  const rules = { automaticallyAfterDays: 30 };

  it("takes a value to rotate and a function that may be called", async () => {
    const { create, secretId } = await cloudWithSecret();
    const { outputs } = await create(STACK, APPLICATION);
    const rotationLambdaArn = Reflect.get(Object(outputs), "RotationLambdaARN");
    expect(rotationLambdaArn).toBe("arn:aws:lambda:us-east-1:123456789012:function:rotation");
    const rotation = { secretId, rotationLambdaArn, rotationRules: rules };
    await expect(create(ROTATION, rotation)).rejects.toThrow(/no AWSCURRENT/);
    await create(VERSION, { secretId, secretString: "{}" });
    await expect(create(ROTATION, rotation)).resolves.toMatchObject({ rotationEnabled: true });
  });

  it("is refused with a strange function, without a rule, and with too many days", async () => {
    const { create, secretId } = await cloudWithSecret();
    await create(VERSION, { secretId, secretString: "{}" });
    const strange = "arn:aws:lambda:us-east-1:123456789012:function:strange";
    const made = (more: Values) => create(ROTATION, { secretId, rotationRules: rules, ...more });
    await expect(made({ rotationLambdaArn: strange })).rejects.toThrow(/cannot invoke the function/);
    await expect(made({ rotationRules: {} })).rejects.toThrow(/one of automaticallyAfterDays/);
    await expect(made({ rotationRules: { automaticallyAfterDays: 1001 } })).rejects.toThrow(/1 to 1000/);
  });
});

describe("a published application", () => {
  it("is replaced by another name or application, and updated by another version", async () => {
    const { create, replaces } = await cloudWithSecret();
    const stack = await create(STACK, APPLICATION);
    expect(stack.id).toMatch(
      /^arn:aws:cloudformation:us-east-1:123456789012:stack\/serverlessrepo-rotation\/[0-9a-f-]{36}$/,
    );
    const id = stack.id;
    expect(replaces(STACK, id, { name: "other" })).toEqual(["name"]);
    expect(replaces(STACK, id, { semanticVersion: "1.1.700" })).toEqual([]);
  });

  it.each([
    [/Requires capabilities: \[CAPABILITY_RESOURCE_POLICY\]/, { capabilities: ["CAPABILITY_IAM"] }],
    [/\[functionName\] must have values/, { parameters: { endpoint: "https://x" } }],
    [/\[subnets\] do not exist/, { parameters: { endpoint: "x", functionName: "f", subnets: "s" } }],
    [/64 characters/, { parameters: { endpoint: "x", functionName: "f".repeat(65) } }],
    [/knows no application/, { applicationId: "arn:aws:serverlessrepo:us-east-1:123456789012:applications/Other" }],
    [/must be a version/, { semanticVersion: "latest" }],
  ])("is refused: %s", async (message, wrong) => {
    const { create } = await cloudWithSecret();
    await expect(create(STACK, { ...APPLICATION, ...wrong })).rejects.toThrow(message);
  });
});
