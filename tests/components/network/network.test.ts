import { describe, expect, it } from "vitest";
import { Network, type NetworkArgs } from "../../../components/network/network";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const ARGS: NetworkArgs = {
  mode: "create",
  natGateways: "per-zone",
  accountId: "123456789012",
  region: "us-east-1",
  deletionProtection: true,
};

async function makeNetwork(more: Partial<NetworkArgs> = {}) {
  const cloud = rehearsedMocks({ stack: "test", region: more.region ?? ARGS.region });
  const records = recording();
  const network = new Network("network", { ...ARGS, ...more }, records.opts);
  await records.made();
  // Made at the same time, in any order.
  const all = (type: string) => cloud.all(type).sort((one, other) => one.name.localeCompare(other.name));
  return { network, ...cloud, ...records, all };
}

const ids = (outputs: Network["dataSubnetIds"]): Promise<string[]> => Promise.all(outputs.map(resolved<string>));

describe("a network that is made", () => {
  it("spreads public, private and data subnets over the first three zones of the region that EKS and RDS Proxy serve", async () => {
    const { all, network } = await makeNetwork();
    const subnets = all("subnet:Subnet");
    expect(subnets.map(({ name, inputs }) => [name, inputs.cidrBlock, inputs.availabilityZone])).toEqual([
      ["network-data-1", "10.20.160.0/21", "us-east-1a"],
      ["network-data-2", "10.20.168.0/21", "us-east-1b"],
      ["network-data-3", "10.20.176.0/21", "us-east-1d"],
      ["network-private-1", "10.20.0.0/19", "us-east-1a"],
      ["network-private-2", "10.20.32.0/19", "us-east-1b"],
      ["network-private-3", "10.20.64.0/19", "us-east-1d"],
      ["network-public-1", "10.20.128.0/21", "us-east-1a"],
      ["network-public-2", "10.20.136.0/21", "us-east-1b"],
      ["network-public-3", "10.20.144.0/21", "us-east-1d"],
    ]);
    const made = subnets.map(({ outputs }) => String(outputs.arn).split("/").at(-1));
    expect(await ids(network.dataSubnetIds)).toEqual(made.slice(0, 3));
    expect(await ids(network.privateSubnetIds)).toEqual(made.slice(3, 6));
    expect(await ids(network.publicSubnetIds)).toEqual(made.slice(6));
    expect(subnets.every(({ inputs }) => inputs.mapPublicIpOnLaunch === false)).toBe(true);
  });

  it("has a VPC with the range that was asked for, DNS on, and tells both", async () => {
    const { one, network } = await makeNetwork({ cidr: "10.64.0.0/18" });
    const vpc = one("vpc:Vpc");
    expect(vpc.inputs).toMatchObject({ cidrBlock: "10.64.0.0/18", enableDnsSupport: true, enableDnsHostnames: true });
    expect(vpc.inputs.tags).toEqual({ Name: "aibase-test-network" });
    expect(await resolved(network.cidr)).toBe("10.64.0.0/18");
    expect(await resolved(network.vpcId)).toBe(String(vpc.outputs.arn).split("/").at(-1));
  });

  it("uses the named zones in their order, however many zones it would have taken", async () => {
    const { all } = await makeNetwork({ zones: ["us-east-1d", "us-east-1b"], zoneCount: 3 });
    expect(all("subnet:Subnet").map(({ inputs }) => inputs.availabilityZone)).toEqual(
      Array.from({ length: 3 }, () => ["us-east-1d", "us-east-1b"]).flat(),
    );
  });

  it("spreads over as many zones as it is told to", async () => {
    const { all } = await makeNetwork({ zoneCount: 2 });
    expect(all("subnet:Subnet")).toHaveLength(6);
  });

  it("tags the subnets as Kubernetes looks for them", async () => {
    const { all } = await makeNetwork();
    const tags = all("subnet:Subnet").map(({ inputs }) => inputs.tags);
    expect(tags[0]).toEqual({ Name: "aibase-test-network-data-1" });
    expect(tags[3]).toEqual({ Name: "aibase-test-network-private-1", "kubernetes.io/role/internal-elb": "1" });
    expect(tags[6]).toEqual({ Name: "aibase-test-network-public-1", "kubernetes.io/role/elb": "1" });
  });

  it("shuts the default security group", async () => {
    const { one } = await makeNetwork();
    expect(one("defaultSecurityGroup:DefaultSecurityGroup").inputs).toMatchObject({ ingress: [], egress: [] });
  });

  it.each([true, false])("protects VPC, subnets, zone and key, and nothing else: %s", async (deletionProtection) => {
    const { recorded } = await makeNetwork({ deletionProtection });
    const guarded = recorded.filter(({ opts }) => opts.protect === true).map(({ type }) => type);
    expect(new Set(guarded)).toEqual(
      new Set(
        deletionProtection
          ? ["aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:route53/zone:Zone", "aws:kms/key:Key"]
          : [],
      ),
    );
  });
});

describe("everything that is made", () => {
  it("belongs to the network and is named after it", async () => {
    const { recorded } = await makeNetwork();
    const [network, ...children] = recorded;
    expect(network).toMatchObject({ type: "scaling-ladder:network:Network", name: "network" });
    expect(children.every(({ name, opts }) => name.startsWith("network-") && opts.parent !== undefined)).toBe(true);
  });
});

describe("ways to the internet", () => {
  const routesTo = (all: Awaited<ReturnType<typeof makeNetwork>>["all"], target: string) =>
    all("route:Route").filter(({ inputs }) => inputs[target] !== undefined);

  it("are a NAT gateway in the public subnet of each zone, with an address of its own", async () => {
    const { all, network } = await makeNetwork();
    const nats = all("natGateway:NatGateway");
    expect(nats.map(({ inputs }) => inputs.subnetId)).toEqual(await ids(network.publicSubnetIds));
    expect(new Set(nats.map(({ inputs }) => inputs.allocationId)).size).toBe(3);
    expect(new Set(routesTo(all, "natGatewayId").map(({ inputs }) => inputs.natGatewayId)).size).toBe(3);
  });

  it("are one NAT gateway for all zones with `single`, through tables of their own all the same", async () => {
    const { all, network } = await makeNetwork({ natGateways: "single" });
    const routes = routesTo(all, "natGatewayId");
    const [first] = await ids(network.publicSubnetIds);
    expect(all("natGateway:NatGateway").map(({ inputs }) => inputs.subnetId)).toEqual([first]);
    expect(routes).toHaveLength(3);
    expect(new Set(routes.map(({ inputs }) => inputs.natGatewayId)).size).toBe(1);
    expect(new Set(routes.map(({ inputs }) => inputs.routeTableId)).size).toBe(3);
  });

  it("wait for the internet gateway and go before it", async () => {
    const { recorded } = await makeNetwork();
    const waiting = recorded.filter(({ type }) => /natGateway|eip/.test(type));
    expect(waiting).toHaveLength(6);
    expect(waiting.every(({ opts }) => Array.isArray(opts.dependsOn) && opts.dependsOn.length === 1)).toBe(true);
  });

  it("are none for data subnets", async () => {
    const { all, network } = await makeNetwork();
    const dataIds = await ids(network.dataSubnetIds);
    const associations = all("routeTableAssociation:RouteTableAssociation");
    const tables = associations
      .filter(({ inputs }) => dataIds.includes(String(inputs.subnetId)))
      .map(({ inputs }) => inputs.routeTableId);
    expect(associations).toHaveLength(9);
    expect(tables).toHaveLength(3);
    expect(all("route:Route").filter(({ inputs }) => tables.includes(inputs.routeTableId))).toEqual([]);
  });
});

describe("ways to AWS services", () => {
  it("are gateways to S3 and DynamoDB from every subnet without public addresses", async () => {
    const { all } = await makeNetwork();
    const gateways = all("vpcEndpoint:VpcEndpoint").filter(({ inputs }) => inputs.vpcEndpointType === "Gateway");
    expect(gateways.map(({ inputs }) => inputs.serviceName)).toEqual([
      "com.amazonaws.us-east-1.dynamodb",
      "com.amazonaws.us-east-1.s3",
    ]);
    expect(gateways.map(({ inputs }) => (inputs.routeTableIds as string[]).length)).toEqual([4, 4]);
  });

  it("are addresses in the private subnets for what pods and the rotation call, reached by HTTPS from the VPC", async () => {
    const { all, one, network } = await makeNetwork();
    const endpoints = all("vpcEndpoint:VpcEndpoint").filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
    expect(endpoints.map(({ inputs }) => String(inputs.serviceName).replace("com.amazonaws.us-east-1.", ""))).toEqual([
      "ecr.api",
      "ecr.dkr",
      "logs",
      "monitoring",
      "secretsmanager",
      "sts",
    ]);
    const subnetIds = await ids(network.privateSubnetIds);
    const group = String(one("securityGroup:SecurityGroup").outputs.arn).split("/").at(-1);
    for (const { inputs } of endpoints)
      expect(inputs).toMatchObject({ subnetIds, securityGroupIds: [group], privateDnsEnabled: true });
    expect(one("securityGroupIngressRule:SecurityGroupIngressRule").inputs).toMatchObject({
      securityGroupId: group,
      cidrIpv4: "10.20.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    expect(all("securityGroupEgressRule:SecurityGroupEgressRule")).toEqual([]);
  });

  it("are those that are asked for, in the region of the stack", async () => {
    const { all } = await makeNetwork({ interfaceEndpoints: ["secretsmanager"], region: "eu-central-1" });
    expect(all("vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs.serviceName)).toEqual(
      ["dynamodb", "s3", "secretsmanager"].map((service) => `com.amazonaws.eu-central-1.${service}`),
    );
  });

  it("need no security group when there are none", async () => {
    const { all } = await makeNetwork({ interfaceEndpoints: [] });
    expect(all("vpcEndpoint:VpcEndpoint")).toHaveLength(2);
    expect(all("ec2/securityGroup:SecurityGroup")).toEqual([]);
  });
});

describe("flow logs", () => {
  it("write all traffic into an encrypted group for a year", async () => {
    const { one } = await makeNetwork();
    const group = one("logGroup:LogGroup");
    expect(group.inputs).toMatchObject({
      name: "/aws/vpc/aibase-test-network-flow-logs",
      retentionInDays: 365,
      kmsKeyId: one("key:Key").outputs.arn,
    });
    expect(one("flowLog:FlowLog").inputs).toMatchObject({
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.outputs.arn,
      iamRoleArn: one("role:Role").outputs.arn,
      maxAggregationInterval: 600,
    });
  });

  it("are kept as long as they are asked to", async () => {
    const { one } = await makeNetwork({ flowLogDays: 30 });
    expect(one("logGroup:LogGroup").inputs.retentionInDays).toBe(30);
  });

  it("are written by a role of this account's flow logs, into this group only", async () => {
    const { one, find } = await makeNetwork();
    const trust = JSON.parse(String(one("role:Role").inputs.assumeRolePolicy)).Statement;
    expect(trust).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*" },
        },
      },
    ]);
    const arn = String(one("logGroup:LogGroup").outputs.arn);
    const [write] = JSON.parse(String(one("rolePolicy:RolePolicy").inputs.policy)).Statement;
    expect(write.Resource).toEqual([arn, `${arn}:*`]);
    expect(write.Action).not.toContain("logs:CreateLogGroup");
    expect(find("network-flow-log").opts.dependsOn).toHaveLength(1);
  });
});

describe("the private zone", () => {
  it("is `internal` and belongs to the VPC", async () => {
    const { one, network } = await makeNetwork();
    const zone = one("zone:Zone");
    expect(zone.inputs).toMatchObject({
      name: "internal",
      vpcs: [{ vpcId: await resolved(network.vpcId), vpcRegion: "us-east-1" }],
    });
    expect(zone.inputs).not.toHaveProperty("forceDestroy");
    expect(await resolved(network.internalZoneId)).toBe(zone.outputs.zoneId);
    expect(network.internalDomain).toBe("internal");
  });
});

describe("transforms", () => {
  it("have the last word on each important child", async () => {
    const tagged = <Args extends object>(args: Args) => ({ ...args, tags: { Owner: "platform" } });
    const { all } = await makeNetwork({
      transform: {
        vpc: tagged,
        subnet: tagged,
        natGateway: tagged,
        endpoint: tagged,
        flowLog: tagged,
        zone: tagged,
      },
    });
    for (const type of [":Vpc", ":Subnet", ":NatGateway", ":VpcEndpoint", ":FlowLog", ":Zone"]) {
      expect(all(type).length).toBeGreaterThan(0);
      for (const { inputs } of all(type)) expect(inputs.tags).toEqual({ Owner: "platform" });
    }
  });
});

describe("an adopted network", () => {
  const ADOPT: Partial<NetworkArgs> = {
    mode: "adopt",
    vpcId: "vpc-0123456789abcdef0",
    privateSubnetIds: ["subnet-00000001", "subnet-00000002"],
    dataSubnetIds: ["subnet-00000003", "subnet-00000004"],
  };

  it.each(["vpcId", "privateSubnetIds", "dataSubnetIds"] as const)("is refused without %s", async (missing) => {
    await expect(makeNetwork({ ...ADOPT, [missing]: undefined })).rejects.toThrow(/adopting a VPC needs vpcId/);
  });

  it("is refused with one subnet", async () => {
    await expect(makeNetwork({ ...ADOPT, dataSubnetIds: ["subnet-00000003"] })).rejects.toThrow(/two or more ids/);
  });
});
