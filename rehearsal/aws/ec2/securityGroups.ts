import { type Refusal, type ResourceModel, text, type Values } from "../../model";
import { exactlyOne } from "../oneOf";
import { securityGroupInUse } from "./inUse";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const VPC = "aws:ec2/vpc:Vpc";

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** Length of the suffix that the provider puts after a prefix: a time and a counter, in digits. */
const SUFFIX = 26;

const reservedName = (inputs: Values): Refusal[] =>
  ["name", "namePrefix"]
    .filter((property) => text(inputs[property]).startsWith("sg-"))
    .map((property) => ({ property, reason: "cannot begin with sg-" }));

function wrongPorts({ ipProtocol, fromPort, toPort }: Values): Refusal[] {
  if (ipProtocol === "-1")
    return fromPort === undefined && toPort === undefined
      ? []
      : [{ property: "fromPort", reason: "all protocols have no ports; leave fromPort and toPort out" }];
  if (ipProtocol !== "tcp" && ipProtocol !== "udp") return [];
  if (fromPort === undefined || toPort === undefined)
    return [{ property: "fromPort", reason: `InvalidParameterValue: ${ipProtocol} needs fromPort and toPort` }];
  if (typeof fromPort !== "number" || typeof toPort !== "number") return [];
  return fromPort >= 0 && fromPort <= toPort && toPort <= 65_535
    ? []
    : [{ property: "toPort", reason: `InvalidParameterValue: Invalid port range ${fromPort} to ${toPort}` }];
}

/** A rule of either direction. The provider also replaces a rule whose kind of source changes; ours never does. */
const rule = (way: "Ingress" | "Egress", end: "Source" | "Destination"): ResourceModel => ({
  type: `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
  replaces: ["securityGroupId"],
  source: `hashicorp/terraform-provider-aws internal/service/ec2/vpc_security_group_${way.toLowerCase()}_rule.go`,
  published: {
    type: `AWS::EC2::SecurityGroup${way}`,
    names: {
      securityGroupId: "GroupId",
      cidrIpv4: "CidrIp",
      prefixListId: `${end}PrefixListId`,
      referencedSecurityGroupId: `${end}SecurityGroupId`,
    },
  },
  references: {
    securityGroupId: { types: [GROUP] },
    referencedSecurityGroupId: { types: [GROUP, "aws:eks/cluster:Cluster"] },
  },
  seconds: { create: 1, delete: 1 },
  unique: (inputs) =>
    text(inputs.securityGroupId) === ""
      ? undefined
      : ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...SOURCES]
          .map((name) => JSON.stringify(inputs[name] ?? null))
          .join(" "),
  check: (inputs) => [...exactlyOne(inputs, SOURCES), ...wrongPorts(inputs)],
  id: (_inputs, { hex }) => `sgr-${hex(17)}`,
  outputs: (_inputs, { arn, hex }) => ({
    arn: arn("ec2", `security-group-rule/sgr-${hex(17)}`),
    securityGroupRuleId: `sgr-${hex(17)}`,
  }),
});

/** Security groups with their rules as resources of their own, and the default group of a VPC. */
export const securityGroups: readonly ResourceModel[] = [
  {
    type: GROUP,
    replaces: ["description", "name", "namePrefix", "vpcId"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_security_group.go",
    published: { type: "AWS::EC2::SecurityGroup", names: { name: "GroupName", description: "GroupDescription" } },
    references: { vpcId: { types: [VPC] } },
    autonamed: { property: "name", limit: 255 },
    seconds: { create: 3, delete: 1 },
    unique: ({ vpcId, name }) => (text(vpcId) && text(name) ? `${vpcId} ${name}` : undefined),
    check: reservedName,
    id: (_inputs, { hex }) => `sg-${hex(17)}`,
    outputs: (inputs, { arn, account, hex }) => ({
      arn: arn("ec2", `security-group/sg-${hex(17)}`),
      ownerId: account,
      name: inputs.name ?? `${text(inputs.namePrefix)}${hex(SUFFIX, "name")}`,
      description: inputs.description ?? "Managed by Pulumi",
    }),
    refuseDelete: ({ id }, cloud) => securityGroupInUse(id, cloud),
  },
  {
    // It is there as soon as the VPC is: making the resource takes it over, deleting it lets it go.
    type: DEFAULT_GROUP,
    replaces: ["vpcId"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_default_security_group.go",
    references: { vpcId: { types: [VPC] } },
    seconds: { create: 2, delete: 0 },
    unique: ({ vpcId }) => text(vpcId) || undefined,
    id: (inputs, { find }) => text(find(VPC, text(inputs.vpcId))?.values.defaultSecurityGroupId),
    outputs: (inputs, { arn, account, find }) => {
      const id = text(find(VPC, text(inputs.vpcId))?.values.defaultSecurityGroupId);
      return {
        arn: arn("ec2", `security-group/${id}`),
        ownerId: account,
        name: "default",
        description: "default VPC security group",
      };
    },
  },
  rule("Ingress", "Source"),
  rule("Egress", "Destination"),
];
