import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Captured, Json, JsonObject } from "../../../crosscheck/captured";
import { exportPlan } from "../../../crosscheck/terraform/plan";
import { captured } from "./resources";

const { plan } = exportPlan([
  captured(
    "aws:kms/key:Key",
    "key",
    { enableKeyRotation: true },
    { outputs: { arn: "arn:aws:kms:us-east-1:1:key/k" } },
  ),
]);

function valuesOf(type: string, inputs: JsonObject, outputs: JsonObject = {}): Json | undefined {
  return exportPlan([captured(type, "one", inputs, { outputs })]).plan.planned_values.root_module.resources[0]?.values;
}

function expressionsOf(resources: readonly Captured[], name: string): Json | undefined {
  const { resources: found } = exportPlan(resources).plan.configuration.root_module;
  return found.find((resource) => resource.name === name)?.expressions;
}

describe("a plan of Terraform", () => {
  it("names resources as Terraform does, and knows what they stand for", () => {
    expect(plan.planned_values.root_module.resources).toMatchObject([
      { address: "aws_kms_key.key", mode: "managed", type: "aws_kms_key", name: "key" },
    ]);
    const { urns } = exportPlan([captured("aws:rds/instance:Instance", "main db!", {})]);
    expect([...urns]).toEqual([
      ["aws_db_instance.main_db_", "urn:pulumi:one::scaling-ladder::aws:rds/instance:Instance::main db!"],
    ]);
  });

  it("spells arguments as Terraform does", () => {
    const inputs = { performanceInsightsKmsKeyId: "k", enabledCloudwatchLogsExports: ["postgresql"], multiAz: true };
    expect(valuesOf("aws:rds/instance:Instance", inputs)).toEqual({
      performance_insights_kms_key_id: "k",
      enabled_cloudwatch_logs_exports: ["postgresql"],
      multi_az: true,
    });
  });

  it("calls the metric alarm's name what Terraform calls it", () => {
    expect(
      valuesOf("aws:cloudwatch/metricAlarm:MetricAlarm", { name: "a", dimensions: { DBInstanceIdentifier: "d" } }),
    ).toEqual({ alarm_name: "a", dimensions: { DBInstanceIdentifier: "d" } });
  });

  it("makes lists of blocks of what Pulumi flattens, and calls repeated blocks by their singular", () => {
    const encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect(
      valuesOf(encryption, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
    ).toEqual({ rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }] });
    expect(valuesOf("aws:ec2/securityGroup:SecurityGroup", { ingress: [{ cidrBlocks: ["10.0.0.0/8"] }] })).toEqual({
      ingress: [{ cidr_blocks: ["10.0.0.0/8"] }],
    });
  });

  it("leaves the keys of maps alone", () => {
    expect(valuesOf("aws:kms/key:Key", { tags: { costCentre: "x" } })).toEqual({ tags: { costCentre: "x" } });
  });

  it("takes what the cloud filled in, where it could have been asked for, but what was asked for first", () => {
    expect(
      valuesOf("aws:rds/instance:Instance", { multiAz: true }, { multiAz: false, iops: 3000, endpoint: "e" }),
    ).toEqual({ multi_az: true, iops: 3000 });
  });

  it("refuses a type and an argument that Terraform does not have, by name", () => {
    expect(() => valuesOf("aws:new/thing:Thing", {})).toThrow("aws:new/thing:Thing of one has no counterpart");
    expect(() => valuesOf("aws:kms/key:Key", { newProperty: 1 })).toThrow(
      "aws_kms_key of Terraform has no newProperty",
    );
    expect(() => valuesOf("gcp:kms/key:Key", {})).toThrow("gcp:kms/key:Key of one has no counterpart");
  });

  it("leaves out what is not Terraform's to describe", () => {
    const others = ["pulumi:pulumi:Stack", "scaling-ladder:app:KubernetesApp", "kubernetes:core/v1:Secret"];
    expect(exportPlan(others.map((type) => captured(type, "one", {}))).urns.size).toBe(0);
  });

  it("tells by references what an input comes from", () => {
    const key = captured(
      "aws:kms/key:Key",
      "key",
      {},
      { outputs: { arn: "arn:aws:kms:us-east-1:1:key/k", region: "us-east-1" } },
    );
    const group = captured("aws:ec2/securityGroup:SecurityGroup", "group", {}, { id: "sg-1" });
    const database = captured(
      "aws:rds/instance:Instance",
      "database",
      { kmsKeyId: "arn:aws:kms:us-east-1:1:key/k", vpcSecurityGroupIds: ["sg-1"] },
      { references: { kmsKeyId: [key.urn], vpcSecurityGroupIds: [group.urn], gone: ["urn:pulumi:x"] } },
    );
    expect(expressionsOf([key, group, database], "database")).toEqual({
      kms_key_id: { references: ["aws_kms_key.key.arn", "aws_kms_key.key"] },
      vpc_security_group_ids: { references: ["aws_security_group.group.id", "aws_security_group.group"] },
    });
  });

  it("gives resources of one type different names, whatever they are called", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }).filter((name) => !name.includes("::"))), (names) => {
        const resources = names.map((name) => captured("aws:kms/key:Key", name, {}));
        const found = exportPlan(resources).plan.planned_values.root_module.resources;
        expect(new Set(found.map(({ address }) => address)).size).toBe(names.length);
        for (const { name } of found) expect(name).toMatch(/^[A-Za-z_][\w-]*$/);
      }),
    );
  });

  it("loses no input: each is in the plan or refused", () => {
    const inputs = fc.dictionary(fc.constantFrom("multiAz", "engine", "tags", "iops", "madeUp"), fc.integer());
    fc.assert(
      fc.property(inputs, (given) => {
        const count = () => Object.keys(valuesOf("aws:rds/instance:Instance", given) as JsonObject).length;
        if (Object.hasOwn(given, "madeUp")) expect(count).toThrow("madeUp");
        else expect(count()).toBe(Object.keys(given).length);
      }),
    );
  });
});
