import { describe, expect, it } from "vitest";
import { className, plainProgram, resourcesIn } from "../../../bench/plainProgram";
import { UNKNOWN } from "../../../guard/change";

const urnOf = (type: string, name: string): string => `urn:pulumi:prod::p::${type}::${name}`;

const step = (type: string, name: string, state: Record<string, unknown>) => ({
  op: "create",
  urn: urnOf(type, name),
  newState: { type, custom: true, ...state },
});

const VPC = "aws:ec2/vpc:Vpc";

const preview = JSON.stringify({
  steps: [
    step("pulumi:pulumi:Stack", "p-prod", { inputs: {} }),
    step("pulumi:providers:random", "default_4_21_2", { inputs: {} }),
    step("pulumi:providers:aws", "aws", {
      inputs: { __internal: {}, version: "7.48.0", region: "us-east-1", defaultTags: '{"tags":{"Tier":"x"}}' },
    }),
    step("scaling-ladder:network:Network", "network", { custom: false, inputs: {} }),
    step(VPC, "network-vpc", { inputs: { cidrBlock: "10.0.0.0/16" }, protect: true }),
    step("aws:rds/subnetGroup:SubnetGroup", "subnets", {
      inputs: { subnetIds: [UNKNOWN, "subnet-1"], tags: { Name: "a" } },
      propertyDependencies: { subnetIds: [urnOf(VPC, "network-vpc")] },
    }),
    step("aws:rds/instance:Instance", "database", {
      inputs: { password: "[secret]", port: 5432 },
      propertyDependencies: { password: [urnOf(VPC, "network-vpc")] },
    }),
  ],
});

describe("the plain program", () => {
  it("makes the same resources, each unknown value from what it came from", () => {
    const program = plainProgram(resourcesIn(preview));
    const body = program.slice(program.indexOf("const r0"));
    expect(body).toBe(
      [
        'const r0 = new aws.Provider("aws", {',
        '  "region": "us-east-1",',
        '  "defaultTags": { "tags": { "Tier": "x" } },',
        "}, {  });",
        'const r1 = new aws.ec2.Vpc("network-vpc", {',
        '  "cidrBlock": "10.0.0.0/16",',
        "}, { provider: r0, protect: true });",
        'const r2 = new aws.rds.SubnetGroup("subnets", {',
        '  "subnetIds": [later(r1), "subnet-1"],',
        '  "tags": { "Name": "a" },',
        "}, { provider: r0 });",
        'const r3 = new aws.rds.Instance("database", {',
        '  "password": hidden(later(r1)),',
        '  "port": 5432,',
        "}, { provider: r0 });",
        "",
      ].join("\n"),
    );
  });

  it("refuses an unknown value that comes from nowhere: the programs would not be alike", () => {
    const alone = JSON.stringify({ steps: [step(VPC, "v", { inputs: { cidrBlock: UNKNOWN } })] });
    expect(() => plainProgram(resourcesIn(alone))).toThrow("cidrBlock");
  });

  it.each([
    ["aws:ec2/vpc:Vpc", "aws.ec2.Vpc"],
    ["kubernetes:core/v1:Secret", "kubernetes.core.v1.Secret"],
    ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes.networking.v1.NetworkPolicy"],
    ["random:index/randomPassword:RandomPassword", "random.RandomPassword"],
    ["pulumi:providers:kubernetes", "kubernetes.Provider"],
  ])("names the class of %s", (type, name) => {
    expect(className(type)).toBe(name);
  });
});
