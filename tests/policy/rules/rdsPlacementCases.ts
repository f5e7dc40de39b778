import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";
import { openReplica, primary, replica } from "./rdsFixtures";

type Given = ReturnType<typeof resource>;

const named = (base: Given, name: string, props: Readonly<Record<string, Value>>, refers = {}) =>
  resource(base.type, { ...(base.props as object), ...props }, name, { refers });

const inZone = (zone: Value, name = "replica-1") => named(replica, name, { availabilityZone: zone });
const two = (one: Value, other: Value) => [primary, inZone(one), inZone(other, "replica-2")];
const referring = (name: string) =>
  named(replica, name, { replicateSourceDb: UNKNOWN, availabilityZone: UNKNOWN }, { replicateSourceDb: primary });

const HAS_REPLICA: readonly Case[] = [
  one("pass", "S4-14: two in other zones", two("us-east-1b", "us-east-1c")),
  one("pass", "one of two in another zone", two("us-east-1a", "us-east-1c")),
  one("pass", "one in another zone, the other not known yet", two(UNKNOWN, "us-east-1c")),
  one("pass", "by ARN", [
    primary,
    ...["replica-1", "replica-2"].map((name) =>
      named(replica, name, {
        replicateSourceDb: "arn:aws:rds:us-east-1:123456789012:db:db",
        availabilityZone: "us-east-1b",
      }),
    ),
  ]),
  one("pass", "none on dev", [primary], [], { profile: "dev" }),
  one("pass", "no database", []),
  one("fail", "none", [primary], ["violated"], { says: ["primary has 0 read replicas", "2 or more"] }),
  one("fail", "one", [primary, inZone("us-east-1b")], ["violated"], { says: ["has 1 read replicas"] }),
  one(
    "fail",
    "two of another database",
    [primary, ...["replica-1", "replica-2"].map((name) => named(replica, name, { replicateSourceDb: "other" }))],
    ["violated"],
  ),
  one(
    "fail",
    "two instances that are no replicas",
    [primary, named(primary, "p2", {}), named(primary, "p3", {})],
    ["violated", "violated", "violated"],
  ),
  one("fail", "all in one zone", two("us-east-1a", "us-east-1a"), ["violated"], { says: ["stand in one zone"] }),
  one("fail", "all in one zone on dev", two("us-east-1a", "us-east-1a"), ["violated"], { profile: "dev" }),
  one("absent", "no zones", [primary, inZone(null), inZone(null, "replica-2")], ["unverified"]),
  one(
    "absent",
    "no identifier to be named by",
    [having(primary, ["identifier"], null), inZone("us-east-1b"), inZone("us-east-1b", "replica-2")],
    ["violated"],
  ),
  one("unknown", "by reference, with everything unknown", [primary, referring("r1"), referring("r2")], ["unverified"], {
    says: ["zones of primary"],
  }),
  one(
    "unknown",
    "the zone of the primary",
    two("us-east-1a", "us-east-1b").map((each) =>
      each === primary ? having(primary, ["availabilityZone"], UNKNOWN) : each,
    ),
    ["unverified"],
  ),
  one("unknown", "of whom they are replicas", [primary, openReplica], ["violated"]),
  one("wrong type", "a zone that is no text", two(7, ["us-east-1b"]), ["unverified"]),
  one("secret", "zones that are marked secret", two(new Secret("us-east-1b"), new Secret("us-east-1b"))),
];

const subnet = (id: Value, name = "subnet") => resource("aws:ec2/subnet:Subnet", { id }, name);
const gateway = resource("aws:ec2/internetGateway:InternetGateway", { id: "igw-1" }, "gateway");
const nat = resource("aws:ec2/natGateway:NatGateway", { id: "nat-1" }, "nat");

/** A database in one subnet with one route table; everything by reference and nothing known. */
function routed(route: Readonly<Record<string, Value>>, to: Record<string, Given>, inline?: Given): readonly Given[] {
  const data = subnet(UNKNOWN);
  const table = resource("aws:ec2/routeTable:RouteTable", { id: UNKNOWN, routes: inline ? UNKNOWN : [] }, "table", {
    refers: inline ? { routes: inline } : {},
  });
  const group = resource("aws:rds/subnetGroup:SubnetGroup", { name: UNKNOWN, subnetIds: [UNKNOWN] }, "group", {
    refers: { subnetIds: data },
  });
  return [
    data,
    table,
    group,
    gateway,
    nat,
    resource("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: UNKNOWN, routeTableId: UNKNOWN }, "a", {
      refers: { subnetId: data, routeTableId: table },
    }),
    resource("aws:ec2/route:Route", { ...route, routeTableId: UNKNOWN }, "route", {
      refers: { ...to, routeTableId: table },
    }),
    named(primary, "primary", { dbSubnetGroupName: UNKNOWN }, { dbSubnetGroupName: group }),
  ];
}

/** The same with nothing but plain texts. */
const written = (gatewayId: Value, inline: Value = [], subnetIds: Value = ["subnet-1"]): readonly Given[] => [
  subnet("subnet-1"),
  subnet("subnet-9", "public"),
  resource("aws:ec2/routeTable:RouteTable", { id: "rtb-1", routes: inline }, "table"),
  resource("aws:ec2/routeTable:RouteTable", { id: "rtb-9", routes: [{ gatewayId: "igw-1" }] }, "public-table"),
  resource("aws:rds/subnetGroup:SubnetGroup", { name: "data", subnetIds }, "group"),
  resource("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: "subnet-1", routeTableId: "rtb-1" }, "a"),
  resource("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: "subnet-9", routeTableId: "rtb-9" }, "b"),
  resource("aws:ec2/route:Route", { gatewayId, routeTableId: "rtb-1" }, "route"),
  primary,
];
const lastRoute = (stack: readonly Given[]) => stack.filter(({ name }) => name !== "route");

const PRIVATE_ROUTE: readonly Case[] = [
  one("pass", "to a NAT gateway, with everything unknown", routed({ natGatewayId: UNKNOWN }, { natGatewayId: nat })),
  one(
    "pass",
    "inline, to a NAT gateway",
    routed({}, {}, nat).map((each) =>
      each.name === "table" ? having(each, ["routes"], [{ natGatewayId: UNKNOWN }]) : each,
    ),
  ),
  one("pass", "of plain texts", written(null)),
  one("pass", "a virtual private gateway", written("vgw-1")),
  one("pass", "no association: the routes of the network", [...routed({}, {}).filter(({ name }) => name !== "a")]),
  one(
    "fail",
    "to an internet gateway, with everything unknown",
    routed({ gatewayId: UNKNOWN }, { gatewayId: gateway }),
    ["violated"],
    { says: ["A subnet of primary has a route"] },
  ),
  one("fail", "inline, with everything unknown", routed({}, {}, gateway), ["violated"]),
  one("fail", "of plain texts", written("igw-7"), ["violated"]),
  one("fail", "inline, of plain texts", written(null, [{ natGatewayId: "nat-1" }, { gatewayId: "igw-7" }]), [
    "violated",
  ]),
  one("fail", "one of several subnets", written(null, [], ["subnet-1", "subnet-9"]), ["violated"]),
  one("fail", "beside a subnet from elsewhere", written("igw-7", [], ["subnet-1", "subnet-of-others"]), ["violated"]),
  one("absent", "no subnet group is the affair of another rule", [having(primary, ["dbSubnetGroupName"], null)]),
  one("absent", "no routes", lastRoute(written(null, null))),
  one("unknown", "where a route leads", routed({ gatewayId: UNKNOWN }, {}), ["unverified"], {
    says: ["subnets of primary"],
  }),
  one("unknown", "inline routes", written(null, UNKNOWN), ["unverified"]),
  one("unknown", "subnets from elsewhere", written(null, [], ["subnet-of-others"]), ["unverified"]),
  one("unknown", "a group from elsewhere", [primary], ["unverified"]),
  one(
    "unknown",
    "the table of a subnet",
    written(null).map((each) => (each.name === "a" ? having(each, ["routeTableId"], "rtb-of-others") : each)),
    ["unverified"],
  ),
  one("wrong type", "routes that are no list", written(null, { gatewayId: "igw-7" })),
  one("wrong type", "a gateway that is no text", written(7)),
  one("secret", "a gateway that is marked secret", written(new Secret("igw-7")), ["violated"], { hides: ["igw-7"] }),
];

const generated = resource("random:index/randomPassword:RandomPassword", { result: new Secret(UNKNOWN) }, "password");
const kept = resource("aws:secretsmanager/secretVersion:SecretVersion", {}, "version");
const other = resource("aws:kms/key:Key", {}, "key");
const login = (props: Readonly<Record<string, Value>>, refers = {}) => named(primary, "primary", props, refers);
const sound = login({ password: new Secret(UNKNOWN) }, { password: generated });
const LITERAL = "correct horse";
const user = (name: Value) => having(sound, ["username"], name);

const MASTER_SECRET: readonly Case[] = [
  one("pass", "a generated password, not known yet", [sound, generated]),
  one("pass", "a generated password, known", [
    login({ password: new Secret(LITERAL) }, { password: generated }),
    generated,
  ]),
  one("pass", "one that Secrets Manager keeps", [
    login({ password: UNKNOWN }, { password: [other, kept] }),
    kept,
    other,
  ]),
  one("pass", "one that is only written", [login({ passwordWo: UNKNOWN }, { passwordWo: generated }), generated]),
  one("pass", "one that RDS manages", [login({ manageMasterUserPassword: true })]),
  one("pass", "an instance made from a snapshot", [login({ username: null, snapshotIdentifier: "snapshot" })]),
  one("pass", "an instance made from another", [
    login({ username: null, restoreToPointInTime: { useLatestRestorableTime: true } }),
  ]),
  one("pass", "an instance made from a bucket", [login({ username: null, s3Import: {} })]),
  one("pass", "a replica", [having(replica, ["password"], LITERAL)]),
  one("fail", "S1-12: a literal", [login({ password: LITERAL })], ["violated"], {
    says: ["password of primary"],
    hides: [LITERAL],
  }),
  one("fail", "a literal that is only written", [login({ passwordWo: LITERAL })], ["violated"]),
  one("fail", "one made from something else", [login({ password: UNKNOWN }, { password: other }), other], ["violated"]),
  one(
    "fail",
    "a generated one for something else",
    [login({ password: LITERAL }, { username: generated }), generated],
    ["violated"],
  ),
  one(
    "fail",
    "a literal in an instance made from a snapshot",
    [login({ password: LITERAL, snapshotIdentifier: "s" })],
    ["violated"],
  ),
  one("fail", "RDS told not to manage it", [login({ manageMasterUserPassword: false })], ["violated"]),
  ...["postgres", "admin", "Admin", ""].map((name) =>
    one("fail", `RDS.25: user «${name}»`, [user(name), generated], ["violated"], {
      says: ["`username` of primary", "neither admin nor postgres"],
    }),
  ),
  one("absent", "neither user nor password", [login({ username: null })], ["violated", "violated"]),
  one("unknown", "the user", [user(UNKNOWN), generated], ["unverified"], { says: ["`username` of primary"] }),
  one("unknown", "a password that may come from anywhere", [login({ password: UNKNOWN })], ["unverified"], {
    says: ["the password of primary"],
  }),
  one("unknown", "who manages it", [login({ manageMasterUserPassword: UNKNOWN })], ["unverified"]),
  one("wrong type", "a user that is none", [user(7), generated], ["violated"]),
  one("secret", "a literal that is marked secret", [login({ password: new Secret(LITERAL) })], ["violated"], {
    hides: [LITERAL],
  }),
  one("secret", "a usual user, marked secret", [user(new Secret("admin")), generated], ["violated"]),
];

export const CASES: Cases = {
  "rds-has-replica": HAS_REPLICA,
  "rds-private-route": PRIVATE_ROUTE,
  "rds-master-secret": MASTER_SECRET,
};
