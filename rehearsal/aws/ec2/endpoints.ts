import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../../model";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

/** Services that have an endpoint of the kind, as far as they are of use here (AWS PrivateLink, "services that integrate"). */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  Gateway: ["s3", "dynamodb"],
  Interface: [
    "dynamodb",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "s3",
    "secretsmanager",
    "ssm",
    "sts",
  ],
};

/** An endpoint is of type Gateway where nothing is said. */
const kindOf = (inputs: Values): string => text(inputs.vpcEndpointType) || "Gateway";

function unknownService(inputs: Values, { region }: Cloud): Refusal[] {
  const name = text(inputs.serviceName);
  const services = SERVICES[kindOf(inputs)];
  if (name === "" || services === undefined) return [];
  if (services.some((service) => name === `com.amazonaws.${region}.${service}`)) return [];
  return [
    {
      property: "serviceName",
      reason: `InvalidServiceName: The Vpc Endpoint Service '${name}' does not exist as a ${kindOf(inputs)} endpoint`,
    },
  ];
}

/** What one kind has and the other must not have. */
function foreignInputs(inputs: Values): Refusal[] {
  const foreign = kindOf(inputs) === "Gateway" ? ["subnetIds", "securityGroupIds"] : ["routeTableIds"];
  return foreign
    .filter((property) => inputs[property] !== undefined)
    .map((property) => ({ property, reason: `InvalidParameter: a ${kindOf(inputs)} endpoint has none` }));
}

function withoutDns(inputs: Values, cloud: Cloud): Refusal[] {
  const vpc = cloud.find(VPC, text(inputs.vpcId))?.values;
  if (inputs.privateDnsEnabled !== true || vpc === undefined) return [];
  if (vpc.enableDnsSupport === true && vpc.enableDnsHostnames === true) return [];
  return [
    {
      property: "privateDnsEnabled",
      reason:
        "InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
    },
  ];
}

function twoInOneZone(inputs: Values, cloud: Cloud): Refusal[] {
  const ids = Array.isArray(inputs.subnetIds) ? inputs.subnetIds : [];
  const zones = ids.map((id) => text(cloud.find(SUBNET, text(id))?.values.availabilityZone)).filter((zone) => zone);
  if (new Set(zones).size === zones.length) return [];
  return [
    { property: "subnetIds", reason: "DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the zone" },
  ];
}

/** Endpoints of AWS services in a VPC. */
export const endpoints: readonly ResourceModel[] = [
  {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    replaces: [
      "dnsOptions.privateDnsPreference",
      "dnsOptions.privateDnsSpecifiedDomains",
      "resourceConfigurationArn",
      "serviceName",
      "serviceNetworkArn",
      "serviceRegion",
      "vpcEndpointType",
      "vpcId",
    ],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_endpoint.go",
    published: { type: "AWS::EC2::VPCEndpoint", names: { policy: "PolicyDocument", autoAccept: false } },
    references: {
      vpcId: { types: [VPC] },
      subnetIds: { types: [SUBNET] },
      securityGroupIds: { types: ["aws:ec2/securityGroup:SecurityGroup"] },
      routeTableIds: { types: ["aws:ec2/routeTable:RouteTable"] },
    },
    // An interface endpoint gets an address in each zone; a gateway takes a few seconds only.
    seconds: { create: 75, update: 30, delete: 30 },
    // Private names of one service can lead to one endpoint of a VPC only.
    unique: (inputs) =>
      inputs.privateDnsEnabled === true && text(inputs.vpcId) !== ""
        ? `${inputs.vpcId} ${text(inputs.serviceName)}`
        : undefined,
    check: (inputs, cloud) => [
      ...unknownService(inputs, cloud),
      ...foreignInputs(inputs),
      ...withoutDns(inputs, cloud),
      ...twoInOneZone(inputs, cloud),
    ],
    id: (_inputs, { hex }) => `vpce-${hex(17)}`,
    outputs: (inputs, { arn, account, hex, region }) => {
      const service = text(inputs.serviceName).split(".").slice(3).join(".");
      const isGateway = kindOf(inputs) === "Gateway";
      const subnets = Array.isArray(inputs.subnetIds) ? inputs.subnetIds : [];
      const name = `vpce-${hex(17)}-${hex(8, "name")}.${service}.${region}.vpce.amazonaws.com`;
      return {
        arn: arn("ec2", `vpc-endpoint/vpce-${hex(17)}`),
        ownerId: account,
        state: "available",
        requesterManaged: false,
        vpcEndpointType: kindOf(inputs),
        ...(isGateway ? { prefixListId: `pl-${hex(8)}` } : {}),
        networkInterfaceIds: subnets.map((_, index) => `eni-${hex(17, `interface ${index}`)}`),
        dnsEntries: isGateway ? [] : [{ dnsName: name, hostedZoneId: `Z${hex(13, "zone").toUpperCase()}` }],
      };
    },
    recomputed: { subnetIds: ["networkInterfaceIds"] },
  },
];
