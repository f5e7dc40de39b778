import { describe, expect, it } from "vitest";
import { ENDPOINT, ec2Cloud, FLOW_LOG, GROUP, inVpc, SUBNET, VPC } from "./ec2Cloud";
import { unknowns } from "./oneCloud";

describe("endpoints", () => {
  const service = (name: string, region = "us-east-1") => ({ serviceName: `com.amazonaws.${region}.${name}` });

  it("know the services of the region, by kind", () => {
    const { check } = ec2Cloud();
    const of = (inputs: object) => check(ENDPOINT, { vpcId: "vpc-1", ...inputs });
    expect(of(service("s3"))).toEqual([]);
    expect(of({ ...service("secretsmanager"), vpcEndpointType: "Interface" })).toEqual([]);
    expect(of(service("secretsmanager"))).toEqual([expect.stringContaining("InvalidServiceName")]);
    expect(of(service("s3", "us-west-2"))).toEqual([expect.stringContaining("InvalidServiceName")]);
    expect(of({ ...service("nothing"), vpcEndpointType: "Interface" })).toHaveLength(1);
    expect(of({ ...service("s3"), vpcEndpointType: "Intreface" })).toEqual([
      expect.stringContaining("vpcEndpointType"),
    ]);
  });

  it("have what belongs to their kind only", () => {
    const { check } = ec2Cloud();
    expect(check(ENDPOINT, { vpcId: "vpc-1", ...service("s3"), subnetIds: ["subnet-1"] })).toHaveLength(1);
    expect(
      check(ENDPOINT, { vpcId: "v", ...service("sts"), vpcEndpointType: "Interface", routeTableIds: ["rtb-1"] }),
    ).toHaveLength(1);
  });

  it("need DNS in the VPC for private names, one subnet for each zone, and one endpoint for each service", async () => {
    const { create, check, vpc, subnet } = await inVpc();
    const endpoint = { ...service("sts"), vpcEndpointType: "Interface", privateDnsEnabled: true, vpcId: vpc.id };
    const twin = await create(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZone: "us-east-1a" });
    expect(check(ENDPOINT, { ...endpoint, subnetIds: [subnet.id, twin.id] })).toEqual([
      expect.stringContaining("DuplicateSubnetsInSameZone"),
    ]);
    const made = await create(ENDPOINT, { ...endpoint, subnetIds: [subnet.id] });
    expect(made.networkInterfaceIds).toHaveLength(1);
    await expect(create(ENDPOINT, { ...endpoint, subnetIds: [subnet.id] })).rejects.toThrow(/already exists/);
    const deaf = await create(VPC, { cidrBlock: "10.1.0.0/16" });
    expect(check(ENDPOINT, { ...endpoint, vpcId: deaf.id })).toEqual([expect.stringContaining("enableDnsHostnames")]);
  });

  it("keep their subnets and their security group", async () => {
    const { create, remove, vpc, subnet } = await inVpc();
    const group = await create(GROUP, { vpcId: vpc.id, name: "one" });
    const endpoint = await create(ENDPOINT, {
      ...service("sts"),
      vpcEndpointType: "Interface",
      vpcId: vpc.id,
      subnetIds: [subnet.id],
      securityGroupIds: [group.id],
    });
    await expect(remove(GROUP, group.id)).rejects.toThrow(/DependencyViolation/);
    await expect(remove(SUBNET, subnet.id)).rejects.toThrow(/DependencyViolation/);
    await remove(ENDPOINT, endpoint.id);
    await remove(GROUP, group.id);
  });
});

describe("flow logs", () => {
  const FLOW = { vpcId: "vpc-1", trafficType: "ALL", iamRoleArn: "arn:aws:iam::123456789012:role/x" };

  it.each([
    [FLOW, 0],
    [{ ...FLOW, subnetId: "subnet-1" }, 1],
    [{ trafficType: "ALL", iamRoleArn: FLOW.iamRoleArn }, 1],
    [{ vpcId: "vpc-1", trafficType: "ALL" }, 1],
    [{ vpcId: "vpc-1", trafficType: "ALL", logDestinationType: "s3" }, 0],
    [{ ...FLOW, trafficType: "SOME" }, 1],
    [{ ...FLOW, maxAggregationInterval: 300 }, 1],
    [{ ...FLOW, ...unknowns("vpcId", "iamRoleArn") }, 0],
  ])("such as %j have %i mistakes", (inputs, mistakes) => {
    expect(ec2Cloud().check(FLOW_LOG, inputs)).toHaveLength(mistakes);
  });

  it("need a group and a role that are there", async () => {
    const { create, vpc } = await inVpc();
    await expect(create(FLOW_LOG, { ...FLOW, vpcId: vpc.id })).rejects.toThrow(/no aws:iam\/role:Role/);
  });
});
