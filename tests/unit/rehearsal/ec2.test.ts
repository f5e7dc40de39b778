import { describe, expect, it } from "vitest";
import { ec2 } from "../../../rehearsal/aws/ec2";
import { byType } from "../../../rehearsal/model";
import { ENDPOINT, ec2Cloud, FLOW_LOG, GROUP, INGRESS, inVpc, SUBNET, VPC } from "./ec2Cloud";
import { unknowns } from "./oneCloud";

const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const ADDRESS = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

describe("VPC and subnets", () => {
  it("have ids and outputs like the real ones", async () => {
    const { vpc, subnet } = await inVpc();
    expect(vpc.id).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(vpc).toMatchObject({
      arn: `arn:aws:ec2:us-east-1:123456789012:vpc/${vpc.id}`,
      ownerId: "123456789012",
      defaultSecurityGroupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/),
    });
    expect(subnet.arn).toBe(`arn:aws:ec2:us-east-1:123456789012:subnet/${subnet.id}`);
  });

  it.each(["10.0.0.0/8", "10.0.0.0/30", "10.0.1.0/16", "10.0.0.0"])("refuse the range %s", (cidrBlock) => {
    expect(ec2Cloud().check(VPC, { cidrBlock })).toEqual([expect.stringContaining("cidrBlock: ")]);
  });

  it("refuse a subnet outside its VPC, one over another, and a zone of another region", async () => {
    const { check, vpc } = await inVpc();
    const subnet = { vpcId: vpc.id, availabilityZone: "us-east-1b" };
    expect(check(SUBNET, { ...subnet, cidrBlock: "10.1.0.0/24" })).toEqual([
      expect.stringContaining("InvalidSubnet.Range"),
    ]);
    expect(check(SUBNET, { ...subnet, cidrBlock: "10.0.0.128/25" })).toEqual([
      expect.stringContaining("InvalidSubnet.Conflict"),
    ]);
    expect(check(SUBNET, { ...subnet, cidrBlock: "10.0.1.0/24", availabilityZone: "us-west-2a" })).toEqual([
      expect.stringContaining("availabilityZone"),
    ]);
    expect(check(SUBNET, { ...subnet, cidrBlock: "10.0.1.0/24" })).toEqual([]);
  });

  it("refuse the same range twice, and a VPC that is not there", async () => {
    const { create, vpc } = await inVpc();
    await expect(create(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" })).rejects.toThrow(/already exists/);
    await expect(create(SUBNET, { vpcId: "vpc-0", cidrBlock: "10.0.0.0/24" })).rejects.toThrow(/no aws:ec2\/vpc:Vpc/);
  });

  it("leave values alone that are not known yet", () => {
    expect(ec2Cloud().check(VPC, unknowns("cidrBlock"))).toEqual([]);
    expect(ec2Cloud().check(SUBNET, unknowns("vpcId", "cidrBlock", "availabilityZone"))).toEqual([]);
  });

  it.each([
    [VPC, { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }, ["cidrBlock"]],
    [VPC, { enableDnsSupport: true }, { enableDnsSupport: false }, []],
    [SUBNET, { availabilityZone: "us-east-1a" }, { availabilityZone: "us-east-1b" }, ["availabilityZone"]],
    [SUBNET, { vpcId: "vpc-1", tags: {} }, { vpcId: "vpc-1", tags: { Name: "x" } }, []],
    [NAT, { allocationId: "one", subnetId: "s" }, { allocationId: "two", subnetId: "s" }, ["allocationId"]],
    [ROUTE, { routeTableId: "t", natGatewayId: "one" }, { routeTableId: "t", natGatewayId: "two" }, []],
    [ASSOCIATION, { subnetId: "s", routeTableId: "one" }, { subnetId: "s", routeTableId: "two" }, []],
    [ENDPOINT, { serviceName: "a" }, { serviceName: "b" }, ["serviceName"]],
    [ENDPOINT, { subnetIds: ["one"] }, { subnetIds: ["one", "two"] }, []],
    [GROUP, { description: "a" }, { description: "b" }, ["description"]],
    [INGRESS, { fromPort: 443 }, { fromPort: 444 }, []],
    [INGRESS, { securityGroupId: "one" }, { securityGroupId: "two" }, ["securityGroupId"]],
    [FLOW_LOG, { trafficType: "ALL" }, { trafficType: "REJECT" }, ["trafficType"]],
    [GATEWAY, { vpcId: "one" }, { vpcId: "two" }, []],
  ])("%s: %j to %j replaces by %j", (type, old, now, replaces) => {
    expect(ec2Cloud().replaces(type, old, now)).toEqual(replaces);
  });

  it("are not deleted while something stands in them", async () => {
    const { create, remove, vpc, subnet } = await inVpc();
    const address = await create(ADDRESS, { domain: "vpc" });
    const nat = await create(NAT, { subnetId: subnet.id, allocationId: address.id });
    await expect(remove(SUBNET, subnet.id)).rejects.toThrow(/DependencyViolation: The subnet .*\(nat-/);
    await remove(NAT, nat.id);
    await expect(remove(VPC, vpc.id)).rejects.toThrow(/DependencyViolation: The vpc .*\(subnet-/);
    await remove(SUBNET, subnet.id);
    await remove(VPC, vpc.id);
  });
});

describe("gateways", () => {
  it("NAT needs an address that nothing else uses, and keeps it", async () => {
    const { create, remove, check, subnet } = await inVpc();
    expect(check(NAT, { subnetId: subnet.id })).toEqual([expect.stringContaining("allocationId: MissingParameter")]);
    expect(check(NAT, { subnetId: subnet.id, connectivityType: "private" })).toEqual([]);
    const address = await create(ADDRESS, { domain: "vpc" });
    const nat = await create(NAT, { subnetId: subnet.id, allocationId: address.id });
    expect(nat.publicIp).toBe(address.publicIp);
    await expect(create(NAT, { subnetId: subnet.id, allocationId: address.id })).rejects.toThrow(/already exists/);
    await expect(remove(ADDRESS, address.id)).rejects.toThrow(/InvalidIPAddress.InUse/);
  });

  it("the internet gateway stays while public addresses need it", async () => {
    const { create, remove, vpc, subnet } = await inVpc();
    const gateway = await create(GATEWAY, { vpcId: vpc.id });
    const address = await create(ADDRESS, { domain: "vpc" });
    const nat = await create(NAT, { subnetId: subnet.id, allocationId: address.id });
    await expect(remove(GATEWAY, gateway.id)).rejects.toThrow(/mapped public address/);
    await remove(NAT, nat.id);
    await remove(GATEWAY, gateway.id);
  });
});

describe("routes", () => {
  it("have one destination and one target, and each destination once in a table", async () => {
    const { create, check, vpc } = await inVpc();
    const gateway = await create(GATEWAY, { vpcId: vpc.id });
    const table = await create(TABLE, { vpcId: vpc.id });
    const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0" };
    expect(check(ROUTE, route)).toEqual([expect.stringContaining("not none")]);
    expect(check(ROUTE, { ...route, gatewayId: gateway.id, natGatewayId: "nat-1" })).toHaveLength(1);
    const made = await create(ROUTE, { ...route, gatewayId: gateway.id });
    expect(made.id).toMatch(new RegExp(`^r-${table.id}\\d+$`));
    await expect(create(ROUTE, { ...route, gatewayId: gateway.id })).rejects.toThrow(/already exists/);
  });

  it("a table stays while a subnet uses it", async () => {
    const { create, remove, vpc, subnet } = await inVpc();
    const table = await create(TABLE, { vpcId: vpc.id });
    const association = await create(ASSOCIATION, { routeTableId: table.id, subnetId: subnet.id });
    await expect(remove(TABLE, table.id)).rejects.toThrow(/DependencyViolation/);
    await remove(ASSOCIATION, association.id);
    await remove(TABLE, table.id);
  });
});

describe("functions", () => {
  it("tell the zones of the region", () => {
    const zones = ec2Cloud("eu-central-1").invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {});
    expect(zones).toMatchObject({ names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"], id: "eu-central-1" });
    expect(ec2Cloud().invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {}).zoneIds).toContain("use1-az1");
  });

  it("tell account and partition", () => {
    const { invoke } = ec2Cloud();
    expect(invoke("aws:index/getCallerIdentity:getCallerIdentity", {}).accountId).toBe("123456789012");
    expect(invoke("aws:index/getPartition:getPartition", {}).partition).toBe("aws");
  });

  it("tell a VPC that was made, or one that is taken to be there", async () => {
    const { invoke, vpc } = await inVpc();
    expect(invoke("aws:ec2/getVpc:getVpc", { id: vpc.id })).toMatchObject({ id: vpc.id, cidrBlock: "10.0.0.0/16" });
    expect(invoke("aws:ec2/getVpc:getVpc", { id: "vpc-other" })).toMatchObject({
      id: "vpc-other",
      enableDnsSupport: true,
    });
  });
});

describe("the models", () => {
  it("are each of another type, with the place that their replacements were read from", () => {
    expect(byType(ec2).size).toBe(ec2.length);
    for (const { source } of ec2) expect(source).toMatch(/^hashicorp\/terraform-provider-aws internal\/service\//);
  });
});
