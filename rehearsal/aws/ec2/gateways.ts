import { type Refusal, type ResourceModel, text, type Values } from "../../model";
import { addressHolders, holders } from "./inUse";

const NAT = "aws:ec2/natGateway:NatGateway";
const ADDRESS = "aws:ec2/eip:Eip";

/** A zonal NAT gateway stands in a subnet, and a public one has an address. */
function incompleteNat({ availabilityMode, connectivityType, subnetId, allocationId }: Values): Refusal[] {
  if (availabilityMode === "regional") return [];
  const missing = [
    ...(subnetId === undefined ? ["subnetId"] : []),
    ...(connectivityType !== "private" && allocationId === undefined ? ["allocationId"] : []),
  ];
  return [
    ...missing.map((property) => ({ property, reason: "MissingParameter: a public NAT gateway in a zone needs it" })),
    ...(connectivityType === "private" && allocationId !== undefined
      ? [{ property: "allocationId", reason: 'is not supported with connectivityType = "private"' }]
      : []),
  ];
}

/** An address of the documentation range, so that no rehearsal ever shows somebody's real one. */
const documentationAddress = (digits: string): string => `203.0.113.${Number.parseInt(digits, 16) % 254}`;

/** Ways into and out of a VPC, and the addresses they use. */
export const gateways: readonly ResourceModel[] = [
  {
    type: "aws:ec2/internetGateway:InternetGateway",
    replaces: [],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_internet_gateway.go",
    published: { type: "AWS::EC2::InternetGateway", names: { vpcId: false } },
    references: { vpcId: { types: ["aws:ec2/vpc:Vpc"] } },
    seconds: { create: 1, delete: 10 },
    unique: ({ vpcId }) => text(vpcId) || undefined,
    id: (_inputs, { hex }) => `igw-${hex(17)}`,
    outputs: (_inputs, { arn, account, hex }) => ({
      arn: arn("ec2", `internet-gateway/igw-${hex(17)}`),
      ownerId: account,
    }),
    refuseDelete: ({ values }, cloud) => {
      const subnets = holders(cloud, [{ type: "aws:ec2/subnet:Subnet", by: "vpcId" }], text(values.vpcId));
      const mapped = subnets.flatMap(({ id }) => holders(cloud, [{ type: NAT, by: "subnetId" }], id));
      return mapped.length === 0
        ? undefined
        : `DependencyViolation: Network ${text(values.vpcId)} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
    },
  },
  {
    type: ADDRESS,
    replaces: ["address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/ec2_eip.go",
    published: { type: "AWS::EC2::EIP", names: { instance: "InstanceId" } },
    seconds: { create: 1, delete: 1 },
    id: (_inputs, { hex }) => `eipalloc-${hex(17)}`,
    outputs: (inputs, { arn, hex, region }) => {
      const publicIp = documentationAddress(hex(4));
      const zone = region === "us-east-1" ? "compute-1" : `${region}.compute`;
      return {
        allocationId: `eipalloc-${hex(17)}`,
        arn: arn("ec2", `elastic-ip/eipalloc-${hex(17)}`),
        domain: inputs.domain ?? "vpc",
        networkBorderGroup: inputs.networkBorderGroup ?? region,
        publicIp,
        publicDns: `ec2-${publicIp.replaceAll(".", "-")}.${zone}.amazonaws.com`,
      };
    },
    refuseDelete: ({ id }, cloud) =>
      addressHolders(id, cloud).length === 0
        ? undefined
        : `InvalidIPAddress.InUse: Address with allocation id ${id} is in use.`,
  },
  {
    type: NAT,
    replaces: ["allocationId", "connectivityType", "privateIp", "secondaryPrivateIpAddressCount", "subnetId"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_nat_gateway.go",
    published: { type: "AWS::EC2::NatGateway", names: { privateIp: "PrivateIpAddress" } },
    references: {
      subnetId: { types: ["aws:ec2/subnet:Subnet"] },
      allocationId: { types: [ADDRESS] },
    },
    // Provider's acceptance runs and users' logs: about two minutes until `available`, one until `deleted`.
    seconds: { create: 120, delete: 60 },
    // The address is associated with one gateway at a time.
    unique: ({ allocationId }) => text(allocationId) || undefined,
    check: (inputs) => incompleteNat(inputs),
    id: (_inputs, { hex }) => `nat-${hex(17)}`,
    outputs: (inputs, { hex, find }) => ({
      associationId: `eipassoc-${hex(17)}`,
      connectivityType: inputs.connectivityType ?? "public",
      networkInterfaceId: `eni-${hex(17)}`,
      privateIp: inputs.privateIp ?? `10.255.255.${Number.parseInt(hex(4, "private"), 16) % 254}`,
      publicIp: text(find(ADDRESS, text(inputs.allocationId))?.values.publicIp),
    }),
  },
];
