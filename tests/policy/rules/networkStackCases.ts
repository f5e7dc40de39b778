import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, resource } from "./cases";
import { caseOf } from "./oneCase";

type References = Readonly<Record<string, StackResource | readonly StackResource[]>>;
const made = (type: string, name: string, refers: References = {}, props: Value = {}) =>
  resource(type, props, name, { refers });

const vpc = made("aws:ec2/vpc:Vpc", "vpc", {}, { id: "vpc-1" });
const unknownVpc = made("aws:ec2/vpc:Vpc", "vpc");
const other = made("aws:ec2/vpc:Vpc", "other", {}, { id: "vpc-2" });

const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const closed = (more: Readonly<Record<string, Value>> = {}) =>
  made(DEFAULT, "closed", { vpcId: vpc }, { vpcId: UNKNOWN, ingress: [], egress: [], ...more });

/** Cases of a resource that must belong to each network, by the input `vpcId`. */
const ownCases = (type: string, more: Readonly<Record<string, Value>> = {}): readonly Case[] => {
  const one = (refers: References, vpcId: Value | undefined) =>
    made(type, "own", refers, { ...more, ...(vpcId === undefined ? {} : { vpcId }) });
  return [
    caseOf("pass", "no network", []),
    caseOf("pass", "its own, all unknown", [unknownVpc, one({ vpcId: unknownVpc }, UNKNOWN)]),
    caseOf("pass", "its own, by plain text", [vpc, one({}, "vpc-1")]),
    { ...caseOf("fail", "none", [vpc], "violated"), says: ["vpc "] },
    caseOf("fail", "that of another network", [vpc, other, one({ vpcId: other }, UNKNOWN)], "violated"),
    caseOf("fail", "that of another network, by plain text", [vpc, one({}, "vpc-9")], "violated"),
    caseOf("absent", "one that belongs to no network", [vpc, one({}, undefined)], "violated"),
    caseOf("wrong type", "one that belongs to a number", [vpc, one({}, 7)], "violated"),
    {
      ...caseOf("unknown", "one whose network nobody knows", [vpc, one({}, UNKNOWN)], "unverified"),
      says: ["`vpcId` of"],
    },
    caseOf("secret", "a secret reference", [vpc, one({}, new Secret("vpc-1"))]),
  ];
};

const beside = (refers: References, securityGroupId: Value) =>
  made("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "beside", refers, { securityGroupId });

const DEFAULT_GROUP: readonly Case[] = [
  ...ownCases(DEFAULT, { ingress: [], egress: [] }),
  caseOf("pass", "a rule for another group", [
    vpc,
    closed(),
    beside({ securityGroupId: made("aws:ec2/securityGroup:SecurityGroup", "group") }, UNKNOWN),
  ]),
  { ...caseOf("fail", "a way in", [vpc, closed({ ingress: [{ self: true }] })], "violated"), says: ["`ingress`"] },
  { ...caseOf("fail", "a way out", [vpc, closed({ egress: [{}] })], "violated"), says: ["`egress`"] },
  caseOf("fail", "a rule beside it", [vpc, closed(), beside({ securityGroupId: closed() }, UNKNOWN)], "violated"),
  caseOf("absent", "nothing inside", [vpc, closed({ ingress: null, egress: null })]),
  caseOf("wrong type", "no list", [vpc, closed({ ingress: "none" })], "violated"),
  caseOf("unknown", "what is inside", [vpc, closed({ egress: UNKNOWN })], "unverified"),
];

const zone = (vpcs: Value | undefined) =>
  made("aws:route53/zone:Zone", "zone", {}, { id: "Z1", ...(vpcs === undefined ? {} : { vpcs }) });
const log = (refers: References, zoneId: Value) => made("aws:route53/queryLog:QueryLog", "log", refers, { zoneId });

const QUERY_LOG: readonly Case[] = [
  caseOf("pass", "a private zone", zone([{ vpcId: UNKNOWN }])),
  caseOf("pass", "a public zone with its log", [zone([]), log({ zoneId: zone([]) }, UNKNOWN)]),
  caseOf("pass", "a log by plain text", [zone(undefined), log({}, "Z1")]),
  { ...caseOf("fail", "a public zone", zone([]), "violated"), says: ["zone is a public zone without a query log."] },
  caseOf("fail", "the log of another zone", [zone([]), log({}, "Z2")], "violated"),
  caseOf("absent", "no networks named", zone(undefined), "violated"),
  caseOf("wrong type", "networks that are no list", zone({ vpcId: "vpc-1" }), "violated"),
  caseOf("unknown", "whether it is private", zone(UNKNOWN), "unverified"),
  caseOf("unknown", "whose log it is", [zone([]), log({}, UNKNOWN)], "unverified"),
  caseOf("secret", "secret networks", zone(new Secret([{ vpcId: "vpc-1" }]))),
];

const SUBNET = "aws:ec2/subnet:Subnet";
const subnet = made(SUBNET, "subnet-a", {}, { id: "subnet-1" });
const quiet = made(SUBNET, "subnet-b", {}, { id: "subnet-2" });
const gateway = made("aws:ec2/internetGateway:InternetGateway", "gateway", {}, { id: "igw-1" });
const table = made("aws:ec2/routeTable:RouteTable", "table", {}, { id: "rtb-1" });
const association = (from: StackResource, to = table) =>
  made("aws:ec2/routeTableAssociation:RouteTableAssociation", `${from.name}-routes`, {
    subnetId: from,
    routeTableId: to,
  });
const main = made("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", { routeTableId: table });
const route = (props: Value, refers: References = { routeTableId: table, gatewayId: gateway }) =>
  made("aws:ec2/route:Route", "route", refers, props);
const UNKNOWN_ROUTE = { gatewayId: UNKNOWN, routeTableId: UNKNOWN };
const subnetGroup = (...subnets: readonly StackResource[]) =>
  made("aws:rds/subnetGroup:SubnetGroup", "group", { subnetIds: subnets }, { name: "data", subnetIds: UNKNOWN });
const database = (refers: References = { dbSubnetGroupName: subnetGroup(subnet) }, name: Value = UNKNOWN) =>
  made("aws:rds/instance:Instance", "database", refers, { dbSubnetGroupName: name });

const inside = [subnet, quiet, gateway, table, subnetGroup(subnet), database(), association(subnet)];
const open = [...inside, route(UNKNOWN_ROUTE)];

const cacheGroup = made("aws:elasticache/subnetGroup:SubnetGroup", "cache-group", { subnetIds: subnet });
const cache = made("aws:elasticache/replicationGroup:ReplicationGroup", "cache", { subnetGroupName: cacheGroup });
const proxy = made("aws:rds/proxy:Proxy", "proxy", { vpcSubnetIds: [quiet, subnet] });
const ways = [subnet, quiet, gateway, table, association(subnet), route(UNKNOWN_ROUTE)];

const PUBLIC_PATH: readonly Case[] = [
  caseOf("pass", "a table without routes", inside),
  caseOf("pass", "a route by a NAT gateway", [...inside, route({ natGatewayId: UNKNOWN }, { routeTableId: table })]),
  caseOf("pass", "a public route in another table", [
    ...inside,
    route(UNKNOWN_ROUTE, { routeTableId: made("aws:ec2/routeTable:RouteTable", "public"), gatewayId: gateway }),
  ]),
  caseOf("pass", "a subnet beside, which is public", [
    ...ways,
    subnetGroup(quiet),
    database({ dbSubnetGroupName: subnetGroup(quiet) }),
  ]),
  caseOf("pass", "a subnet group from before", [...ways, database({}, "elsewhere")]),
  {
    ...caseOf("fail", "a way out by an internet gateway, all unknown", open, "violated"),
    says: ["database is in", "subnet-a"],
  },
  caseOf(
    "fail",
    "by plain texts",
    [
      ...inside.filter((one) => one.type !== "aws:rds/instance:Instance"),
      database({}, "data"),
      route({ routeTableId: "rtb-1", gatewayId: "igw-9" }, {}),
    ],
    "violated",
  ),
  caseOf(
    "fail",
    "a route inside the table",
    [
      ...inside.filter((one) => one !== table),
      { ...table, props: { routes: [{ natGatewayId: "nat-1" }, { gatewayId: "igw-9" }] } },
    ],
    "violated",
  ),
  caseOf(
    "fail",
    "a route inside the table, unknown",
    [
      ...inside.filter((one) => one !== table),
      made("aws:ec2/routeTable:RouteTable", "table", { routes: gateway }, { routes: UNKNOWN }),
    ],
    "violated",
  ),
  caseOf(
    "fail",
    "the main table",
    [...open.filter((one) => !one.type.includes("routeTableAssociation")), main],
    "violated",
  ),
  caseOf("pass", "a table of its own comes before the main one", [
    ...open.filter((one) => !one.type.includes("routeTableAssociation")),
    main,
    association(subnet, made("aws:ec2/routeTable:RouteTable", "own")),
  ]),
  caseOf("fail", "a cache", [...ways, cacheGroup, cache], "violated"),
  caseOf("fail", "a proxy with one of two subnets", [...ways, proxy], "violated"),
  caseOf("absent", "no subnet group", [...ways, database({}, null)]),
  caseOf("wrong type", "a subnet group that is a number", [...ways, database({}, 7)]),
  caseOf("wrong type", "routes and a gateway that are none", [
    ...inside,
    { ...table, props: { routes: 7 } },
    route({ gatewayId: 7 }, { routeTableId: table }),
  ]),
  caseOf("unknown", "a subnet group without a source", [...ways, database({}, UNKNOWN)]),
  caseOf("secret", "a secret name", [...ways, subnetGroup(subnet), database({}, new Secret("data"))], "violated"),
];

export const CASES: Cases = {
  "default-sg-closed": DEFAULT_GROUP,
  "vpc-flow-log": ownCases("aws:ec2/flowLog:FlowLog"),
  "dns-query-log": QUERY_LOG,
  "no-public-path": PUBLIC_PATH,
};
