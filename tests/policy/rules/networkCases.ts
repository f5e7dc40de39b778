import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, propertyCases, resource } from "./cases";
import { caseOf } from "./oneCase";

const group = (props: Value) => resource("aws:ec2/securityGroup:SecurityGroup", props, "group");
const oldRule = (props: Value) => resource("aws:ec2/securityGroupRule:SecurityGroupRule", props, "old");
const ingress = (props: Value) => resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", props, "in");
const egress = (props: Value) => resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", props, "out");
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
const inline = (more: Readonly<Record<string, Value>>) => ({ protocol: "tcp", fromPort: 443, toPort: 443, ...more });

/** Ranges that are the world, or as good as the world. */
const WORLDS = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/7", "::/0", "2000::/3", "2000::/15", "no range", "10.0.0.1"];
const PLACES = ["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/16", "2001:db8::/32"];

const WORLD_INGRESS: readonly Case[] = [
  ...PLACES.map((range) => caseOf("pass", `the range ${range}`, ingress({ ...https, cidrIpv4: range }))),
  ...WORLDS.map((range) => caseOf("fail", `the range ${range}`, ingress({ ...https, cidrIpv4: range }), "violated")),
  caseOf("pass", "a group", ingress({ ...https, referencedSecurityGroupId: UNKNOWN })),
  caseOf("pass", "itself", group({ ingress: [inline({ self: true })] })),
  caseOf("pass", "the world on the way out", egress({ ...https, cidrIpv4: "0.0.0.0/0" })),
  caseOf("pass", "the old rule on the way out", oldRule({ ...inline({ cidrBlocks: ["0.0.0.0/0"] }), type: "egress" })),
  caseOf("pass", "no openings", group({ ingress: [], egress: [inline({ cidrBlocks: ["0.0.0.0/0"] })] })),
  caseOf("fail", "IPv6", ingress({ ...https, cidrIpv6: "::/0" }), "violated"),
  caseOf("fail", "inside a group", group({ ingress: [inline({ cidrBlocks: ["0.0.0.0/0"] })] }), "violated"),
  caseOf("fail", "IPv6 inside", group({ ingress: [inline({ ipv6CidrBlocks: ["::/0"] })] }), "violated"),
  caseOf(
    "fail",
    "the default group",
    resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { ingress: [inline({ cidrBlocks: ["0.0.0.0/0"] })] }),
    "violated",
  ),
  {
    ...caseOf(
      "fail",
      "one of several",
      group({ ingress: [inline({ cidrBlocks: ["10.0.0.0/8"] }), inline({ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] })] }),
      "violated",
    ),
    says: ["`ingress[1]` lets the whole internet in."],
    hides: ["0.0.0.0"],
  },
  caseOf("fail", "an old rule", oldRule({ ...inline({ cidrBlocks: ["0.0.0.0/0"] }), type: "ingress" }), "violated"),
  caseOf("fail", "an old rule that says no direction", oldRule(inline({ cidrBlocks: ["0.0.0.0/0"] })), "violated"),
  caseOf("absent", "no ranges", ingress(https)),
  caseOf("absent", "a group without openings", group({})),
  caseOf("wrong type", "openings that are no list", group({ ingress: "all" }), "violated"),
  caseOf("wrong type", "an opening that is a text", group({ ingress: ["all"] }), "violated"),
  caseOf("wrong type", "an opening that is a list", group({ ingress: [[]] }), "violated"),
  caseOf("wrong type", "a range that is a number", ingress({ ...https, cidrIpv4: 7 }), "violated"),
  caseOf("wrong type", "ranges that hold a structure", group({ ingress: [inline({ cidrBlocks: [{}] })] }), "violated"),
  caseOf("unknown", "openings", group({ ingress: UNKNOWN }), "unverified"),
  caseOf("unknown", "an opening", group({ ingress: [inline({}), UNKNOWN] }), "unverified"),
  {
    ...caseOf("unknown", "a range", ingress({ ...https, cidrIpv4: UNKNOWN }), "unverified"),
    says: ["The rule: an address range is not known"],
  },
  caseOf(
    "unknown",
    "one of two ranges",
    group({ ingress: [inline({ cidrBlocks: [UNKNOWN, "0.0.0.0/0"] })] }),
    "violated",
  ),
  caseOf("unknown", "ranges", oldRule({ ...inline({ cidrBlocks: UNKNOWN }), type: "ingress" }), "unverified"),
  caseOf("unknown", "a direction", oldRule({ ...inline({ cidrBlocks: ["10.0.0.0/8"] }), type: UNKNOWN }), "unverified"),
  {
    ...caseOf("unknown", "a prefix list", ingress({ ...https, prefixListId: "pl-1" }), "unverified"),
    says: ["The rule names a prefix list"],
  },
  caseOf("unknown", "prefix lists inside", group({ ingress: [inline({ prefixListIds: ["pl-1"] })] }), "unverified"),
  caseOf("secret", "a secret range", ingress({ ...https, cidrIpv4: new Secret("0.0.0.0/0") }), "violated"),
];

const data = (more: Readonly<Record<string, Value>>, port = 5432) =>
  ingress({ ipProtocol: "tcp", fromPort: port, toPort: port, ...more });
const PUBLIC = { cidrIpv4: "203.0.113.0/24" };

/** Cases that both rules about data ports see alike: openings to ranges outside, by protocol and port. */
const DATA_PORTS: readonly Case[] = [
  ...[5432, 6379, 27017].map((port) => caseOf("fail", `port ${port}`, data(PUBLIC, port), "violated")),
  ...[5431, 5433, 443, 6380].map((port) => caseOf("pass", `port ${port}`, data(PUBLIC, port))),
  caseOf("pass", "a security group", data({ referencedSecurityGroupId: UNKNOWN })),
  caseOf("pass", "UDP", data({ ...PUBLIC, ipProtocol: "udp" })),
  caseOf("fail", "protocol by number", data({ ...PUBLIC, ipProtocol: "6" }), "violated"),
  caseOf("fail", "every protocol", ingress({ ...PUBLIC, ipProtocol: "-1" }), "violated"),
  caseOf("fail", "every protocol by name", ingress({ ...PUBLIC, ipProtocol: "ALL" }), "violated"),
  caseOf("fail", "a range of ports that begins there", data({ ...PUBLIC, toPort: 6000 }), "violated"),
  caseOf("fail", "a range of ports that ends there", data({ ...PUBLIC, fromPort: 1024 }), "violated"),
  caseOf("fail", "an IPv6 range", data({ cidrIpv6: "fd00::/48" }), "violated"),
  caseOf("absent", "no ports", ingress({ ...PUBLIC, ipProtocol: "tcp" }), "violated"),
  caseOf("wrong type", "a range that is a number", data({ cidrIpv4: 7 }), "violated"),
  caseOf("unknown", "the range", data({ cidrIpv4: UNKNOWN }), "unverified"),
  caseOf("unknown", "the protocol", data({ ...PUBLIC, ipProtocol: UNKNOWN }), "unverified"),
  caseOf("unknown", "the first port", data({ ...PUBLIC, fromPort: UNKNOWN }), "unverified"),
  caseOf("unknown", "the last port", data({ ...PUBLIC, toPort: UNKNOWN }), "unverified"),
  caseOf("unknown", "the last port, from above all data ports", data({ ...PUBLIC, fromPort: 30000, toPort: UNKNOWN })),
  caseOf("unknown", "the first port, up to below all data ports", data({ ...PUBLIC, fromPort: UNKNOWN, toPort: 443 })),
  caseOf("unknown", "ports to a group", data({ referencedSecurityGroupId: UNKNOWN, fromPort: UNKNOWN })),
  caseOf("unknown", "a prefix list", data({ prefixListId: "pl-1" }), "unverified"),
  caseOf("unknown", "every opening", group({ ingress: UNKNOWN }), "unverified"),
  caseOf("secret", "a secret range", data({ cidrIpv4: new Secret("203.0.113.0/24") }), "violated"),
];

const PRIVATE = [
  "10.20.0.0/16",
  "172.16.0.0/16",
  "172.31.0.0/20",
  "192.168.0.0/16",
  "100.64.0.0/16",
  "100.127.0.0/24",
  "10.0.0.1/32",
];
const NOT_PRIVATE = [
  "10.0.0.0/15",
  "172.15.0.0/16",
  "172.32.0.0/16",
  "192.169.0.0/16",
  "193.168.0.0/16",
  "100.63.0.0/16",
  "100.128.0.0/16",
  "11.0.0.0/16",
  "10.0.0.0/33",
  "10.0.0.0",
];

/** Outbound rules to the world. */
const out = (more: Readonly<Record<string, Value>>) => egress({ ...https, cidrIpv4: "0.0.0.0/0", ...more });
const EGRESS: readonly Case[] = [
  caseOf("pass", "one port", out({})),
  caseOf("pass", "everything into one network", out({ cidrIpv4: "10.0.0.0/16", ipProtocol: "-1" })),
  caseOf("pass", "everything comes in", ingress({ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" })),
  caseOf("fail", "every protocol", out({ ipProtocol: "-1" }), "violated"),
  caseOf("fail", "every protocol by name", out({ ipProtocol: "All" }), "violated"),
  caseOf("fail", "several ports", out({ toPort: 444 }), "violated"),
  caseOf(
    "fail",
    "inside a group",
    group({ egress: [inline({ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] })] }),
    "violated",
  ),
  caseOf(
    "fail",
    "an old rule",
    oldRule({ ...inline({ toPort: 500, cidrBlocks: ["0.0.0.0/0"] }), type: "egress" }),
    "violated",
  ),
  caseOf("absent", "no ports", egress({ ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" }), "violated"),
  caseOf("absent", "no first port", egress({ ipProtocol: "tcp", toPort: 1, cidrIpv4: "0.0.0.0/0" }), "violated"),
  caseOf("absent", "no protocol", egress({ fromPort: 1, toPort: 1, cidrIpv4: "0.0.0.0/0" }), "violated"),
  caseOf("absent", "nothing lets out", group({})),
  caseOf("wrong type", "a port as a text", out({ fromPort: "443" }), "violated"),
  caseOf("unknown", "a port", out({ toPort: UNKNOWN }), "unverified"),
  caseOf("unknown", "a protocol", out({ ipProtocol: UNKNOWN }), "unverified"),
  caseOf("unknown", "a port into one network", out({ toPort: UNKNOWN, cidrIpv4: "10.0.0.0/16" })),
  caseOf("unknown", "the range on one port", out({ cidrIpv4: UNKNOWN })),
  caseOf("unknown", "the range on all ports", out({ cidrIpv4: UNKNOWN, ipProtocol: "-1" }), "unverified"),
  caseOf("secret", "a secret range", out({ cidrIpv4: new Secret("0.0.0.0/0"), ipProtocol: "-1" }), "violated"),
];

const subnet = resource("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: false });

export const CASES: Cases = {
  "sg-no-world-ingress": WORLD_INGRESS,
  "sg-data-ports": [
    ...DATA_PORTS,
    ...PRIVATE.map((range) => caseOf("pass", `the private range ${range}`, data({ cidrIpv4: range }))),
    ...NOT_PRIVATE.map((range) => caseOf("fail", `the range ${range}`, data({ cidrIpv4: range }), "violated")),
    caseOf("unknown", "ports to a private range", data({ cidrIpv4: "10.0.0.0/16", fromPort: UNKNOWN })),
  ],
  "sg-data-ports-by-group": [
    ...DATA_PORTS,
    caseOf("fail", "a private range", data({ cidrIpv4: "10.20.0.0/16" }), "violated"),
  ],
  "sg-egress-scoped": EGRESS,
  "subnet-no-public-ip": propertyCases(subnet, ["mapPublicIpOnLaunch"], {
    absent: "passes",
    false: "passes",
    true: "violated",
    unknown: "unverified",
    secret: "passes",
  }),
};
