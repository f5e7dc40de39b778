import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../../model";
import { contains, overlapping, prefixOf, startsItsNetwork } from "./addresses";
import { subnetInUse, vpcInUse } from "./inUse";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

/** The provider takes /16 to /28, written by the first address. */
function wrongRange(cidr: string): Refusal[] {
  const prefix = prefixOf(cidr);
  if (cidr === "" || (prefix !== undefined && prefix >= 16 && prefix <= 28 && startsItsNetwork(cidr))) return [];
  return [{ property: "cidrBlock", reason: `"${cidr}" is no IPv4 network between /16 and /28` }];
}

function misplacedSubnet(inputs: Values, cloud: Cloud): Refusal[] {
  const [vpcId, cidr] = [text(inputs.vpcId), text(inputs.cidrBlock)];
  const range = text(cloud.find(VPC, vpcId)?.values.cidrBlock);
  if (range === "" || cidr === "") return [];
  if (!contains(range, cidr))
    return [{ property: "cidrBlock", reason: `InvalidSubnet.Range: The CIDR '${cidr}' is invalid for ${range}.` }];
  const sibling = cloud
    .all(SUBNET)
    .find(
      ({ values }) => values.vpcId === vpcId && values.cidrBlock !== cidr && overlapping(text(values.cidrBlock), cidr),
    );
  if (sibling === undefined) return [];
  return [
    {
      property: "cidrBlock",
      reason: `InvalidSubnet.Conflict: The CIDR '${cidr}' conflicts with another subnet (${sibling.id}).`,
    },
  ];
}

function foreignZone(inputs: Values, cloud: Cloud): Refusal[] {
  const zone = text(inputs.availabilityZone);
  if (zone === "" || new RegExp(`^${cloud.region}[a-z]$`).test(zone)) return [];
  return [
    {
      property: "availabilityZone",
      reason: `InvalidParameterValue: Value (${zone}) is no availability zone of ${cloud.region}.`,
    },
  ];
}

/** The VPC and its subnets. */
export const vpcs: readonly ResourceModel[] = [
  {
    type: VPC,
    replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_.go",
    published: { type: "AWS::EC2::VPC" },
    // Waits for each of its attributes after the VPC is there.
    seconds: { create: 12, update: 11, delete: 1 },
    check: (inputs) => wrongRange(text(inputs.cidrBlock)),
    id: (_inputs, { hex }) => `vpc-${hex(17)}`,
    outputs: (inputs, { arn, account, hex }) => {
      const mainTable = `rtb-${hex(17, "main")}`;
      return {
        arn: arn("ec2", `vpc/vpc-${hex(17)}`),
        ownerId: account,
        enableDnsSupport: inputs.enableDnsSupport ?? true,
        enableDnsHostnames: inputs.enableDnsHostnames ?? false,
        instanceTenancy: inputs.instanceTenancy ?? "default",
        defaultNetworkAclId: `acl-${hex(17)}`,
        defaultRouteTableId: mainTable,
        mainRouteTableId: mainTable,
        defaultSecurityGroupId: `sg-${hex(17, "default")}`,
        dhcpOptionsId: `dopt-${hex(17)}`,
      };
    },
    refuseDelete: ({ id }, cloud) => vpcInUse(id, cloud),
  },
  {
    type: SUBNET,
    replaces: [
      "availabilityZone",
      "availabilityZoneId",
      "cidrBlock",
      "ipv4IpamPoolId",
      "ipv4NetmaskLength",
      "ipv6Native",
      "outpostArn",
      "vpcId",
    ],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_subnet.go",
    published: {
      type: "AWS::EC2::Subnet",
      names: {
        privateDnsHostnameTypeOnLaunch: false,
        enableResourceNameDnsARecordOnLaunch: false,
        enableResourceNameDnsAaaaRecordOnLaunch: false,
      },
    },
    references: { vpcId: { types: [VPC] } },
    // One with public addresses waits for that attribute, about ten seconds more.
    seconds: { create: 2, update: 11, delete: 1 },
    unique: ({ vpcId, cidrBlock }) => (text(vpcId) && text(cidrBlock) ? `${vpcId} ${cidrBlock}` : undefined),
    check: (inputs, cloud) => [
      ...wrongRange(text(inputs.cidrBlock)),
      ...foreignZone(inputs, cloud),
      ...misplacedSubnet(inputs, cloud),
    ],
    id: (_inputs, { hex }) => `subnet-${hex(17)}`,
    outputs: (inputs, { arn, account, hex, region }) => ({
      arn: arn("ec2", `subnet/subnet-${hex(17)}`),
      ownerId: account,
      availabilityZone: inputs.availabilityZone ?? `${region}a`,
      mapPublicIpOnLaunch: inputs.mapPublicIpOnLaunch ?? false,
    }),
    refuseDelete: ({ id }, cloud) => subnetInUse(id, cloud),
  },
];
