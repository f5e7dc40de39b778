import { type Judgements, shown, unverified, violated } from "../../checks/property";
import { read, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { pointingTo, targetsOf } from "../stack/targets";
import { GROUP_TYPES, RULE_TYPES } from "./openings";

const VPC = "aws:ec2/vpc:Vpc";
const ZONE = "aws:route53/zone:Zone";
const [, DEFAULT_GROUP = ""] = GROUP_TYPES;

/** Demands that something of a type means a resource; while its input is not known, it may. */
function mustBeMeant(
  stack: StackView,
  resource: StackResource,
  [type, property]: readonly [type: string, property: string],
  message: string,
): Judgements {
  const { found, perhaps } = pointingTo(stack, resource, type, property);
  if (found.length > 0) return [];
  return perhaps
    ? unverified(`${shown([property])} of what may belong to ${resource.name} is`, resource.urn)
    : violated(`${resource.name} ${message}.`, resource.urn);
}

/** A default group must hold no rule of its own; left out, the provider takes away those that AWS put there. */
function judgeDefaultGroup(stack: StackView, group: StackResource): Judgements {
  const inline = ["ingress", "egress"].flatMap((direction): Judgements => {
    const list = readList(group.props, direction);
    if (list.state === "unknown") return unverified(`${shown([direction])} is`, group.urn);
    const empty = list.state === "absent" || (list.state === "known" && list.value.length === 0);
    return empty ? [] : violated(`${shown([direction])} of the default group must be empty.`, group.urn);
  });
  const beside = RULE_TYPES.flatMap((type) => pointingTo(stack, group, type, "securityGroupId").found);
  return [
    ...inline,
    ...beside.flatMap(({ urn, name }) => violated(`${name} opens the default group of a network.`, urn)),
  ];
}

const defaultGroupClosed: StackRule = {
  scope: "stack",
  name: "default-sg-closed",
  description: "The default security group of every network lets nothing in or out.",
  why: "Whatever is started without a group gets this one; as AWS makes it, all that have it talk to each other and to the internet.",
  remedy: "Take the group over as `aws.ec2.DefaultSecurityGroup` with empty `ingress` and `egress`.",
  ids: ["EC2.2", "CKV2_AWS_12", "CIS-AWS 6.5"],
  levels: ALWAYS,
  check: (stack) => [
    ...stack
      .ofType(VPC)
      .flatMap((vpc) => mustBeMeant(stack, vpc, [DEFAULT_GROUP, "vpcId"], "leaves its default security group open")),
    ...stack.ofType(DEFAULT_GROUP).flatMap((group) => judgeDefaultGroup(stack, group)),
  ],
};

const vpcFlowLog: StackRule = {
  scope: "stack",
  name: "vpc-flow-log",
  description: "Every network that the stack makes logs which flows it let through and refused.",
  why: "After an incident, flow logs are the only record of who talked to whom.",
  remedy: "Make an `aws.ec2.FlowLog` with the `vpcId` of the network.",
  ids: ["EC2.6", "CKV2_AWS_11", "CIS-AWS 4.7"],
  levels: ALWAYS,
  check: (stack) =>
    stack
      .ofType(VPC)
      .flatMap((vpc) => mustBeMeant(stack, vpc, ["aws:ec2/flowLog:FlowLog", "vpcId"], "has no flow log")),
};

/** A zone with networks is private: its names are answered inside them only. */
function judgeZone(stack: StackView, zone: StackResource): Judgements {
  const vpcs = read(zone.props, "vpcs");
  if (vpcs.state === "unknown") return unverified(`${shown(["vpcs"])} of ${zone.name} is`, zone.urn);
  if (vpcs.state === "known" && Array.isArray(vpcs.value) && vpcs.value.length > 0) return [];
  const log = ["aws:route53/queryLog:QueryLog", "zoneId"] as const;
  return mustBeMeant(stack, zone, log, "is a public zone without a query log");
}

const dnsQueryLog: StackRule = {
  scope: "stack",
  name: "dns-query-log",
  description: "Every public DNS zone logs the questions that it is asked.",
  why: "Questions for names that nobody published are the first sign that somebody looks around.",
  remedy: "Make an `aws.route53.QueryLog` with the `zoneId` of the zone, into a log group in us-east-1.",
  ids: ["Route53.2", "CKV2_AWS_39"],
  levels: FROM_ENTERPRISE,
  check: (stack) => stack.ofType(ZONE).flatMap((zone) => judgeZone(stack, zone)),
};

const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";

/** Whose subnets hold data: a type, and the inputs that lead from it to subnets, by way of a group of them or at once. */
const DATA: readonly (readonly [type: string, property: string, group?: string])[] = [
  ["aws:rds/instance:Instance", "dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"],
  ["aws:rds/proxy:Proxy", "vpcSubnetIds"],
];

function subnetsOf(stack: StackView, resource: StackResource, property: string, group?: string) {
  if (group === undefined) return targetsOf(stack, resource, property, SUBNET).found;
  return targetsOf(stack, resource, property, group).found.flatMap(
    (found) => targetsOf(stack, found, "subnetIds", SUBNET).found,
  );
}

/** True when a route, or one of the routes inside a table, goes by an internet gateway. */
function leadsOut(stack: StackView, resource: StackResource, property: string): boolean {
  if (targetsOf(stack, resource, property, GATEWAY).found.length > 0) return true;
  const gateways = property === "routes" ? readList(resource.props, property) : undefined;
  const texts =
    gateways === undefined
      ? [readText(resource.props, property)]
      : gateways.state === "known"
        ? gateways.value.map((route) => readText(route, "gatewayId"))
        : [];
  return texts.some((text) => text.state === "known" && text.value.startsWith("igw-"));
}

/** The tables that a subnet is given; without one, the main table of its network, where the stack sets that. */
function tablesOf(stack: StackView, subnet: StackResource): readonly StackResource[] {
  const own = pointingTo(stack, subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId").found;
  const given = own.length > 0 ? own : stack.ofType("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation");
  return given.flatMap((association) => targetsOf(stack, association, "routeTableId", TABLE).found);
}

function isPublic(stack: StackView, subnet: StackResource): boolean {
  return tablesOf(stack, subnet).some(
    (table) =>
      leadsOut(stack, table, "routes") ||
      pointingTo(stack, table, "aws:ec2/route:Route", "routeTableId").found.some((route) =>
        leadsOut(stack, route, "gatewayId"),
      ),
  );
}

const noPublicPath: StackRule = {
  scope: "stack",
  name: "no-public-path",
  description: "No database, cache or proxy stands in a subnet from which a route leads straight to the internet.",
  why: "Then one wrong rule of a security group, or one public address, is all that lies between the data and the internet.",
  remedy: "Put it into subnets whose route table has no route to an internet gateway.",
  ids: ["RDS.46", "S1-21"],
  levels: ALWAYS,
  check: (stack) =>
    DATA.flatMap(([type, property, group]) =>
      stack.ofType(type).flatMap((resource) => {
        const open = subnetsOf(stack, resource, property, group).filter((subnet) => isPublic(stack, subnet));
        const names = [...new Set(open.map(({ name }) => name))].join(", ");
        const message = `${resource.name} is in a subnet with a route to an internet gateway: ${names}.`;
        return open.length === 0 ? [] : violated(message, resource.urn);
      }),
    ),
};

/** What is asked of networks as a whole. */
export const networkStackRules: readonly Rule[] = [defaultGroupClosed, vpcFlowLog, dnsQueryLog, noPublicPath];
