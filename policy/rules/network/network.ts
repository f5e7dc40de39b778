import { type Judgements, mustNotBeTrue, shown, unverified, violated } from "../../checks/property";
import type { Path, Reading } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import { ADVICE, ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";
import {
  type Direction,
  isOnePort,
  isPrivate,
  isWorld,
  OPENING_TYPES,
  type Opening,
  openingsOf,
  reaches,
} from "./openings";

/** An opening for people: a rule of its own has no path. */
const whereOf = (path: Path): string => (path.length === 0 ? "The rule" : shown(path));

/** What is judged of every opening of a resource; openings that cannot be read are told once each. */
function ofEachOpening(
  resource: ResourceView,
  direction: Direction,
  judge: (opening: Opening, where: string) => Judgements,
): Judgements {
  const { openings, unknown, mistyped } = openingsOf(resource, direction);
  return [
    ...mistyped.flatMap((path) => violated(`${shown(path)} is of the wrong type.`)),
    ...openings.flatMap((opening) => judge(opening, whereOf(opening.path))),
    ...unknown.flatMap((path) => unverified(`${shown(path)} is`)),
  ];
}

/** Judges whom an opening lets in: the worst of its ranges decides. */
function judgeRanges(
  { ranges, prefixLists }: Opening,
  where: string,
  isWrong: (range: string) => boolean,
  message: string,
): Judgements {
  const wrong = (range: Reading<string>) =>
    range.state === "mistyped" || (range.state === "known" && isWrong(range.value));
  if (ranges.some(wrong)) return violated(`${where} ${message}.`);
  if (ranges.some(({ state }) => state === "unknown")) return unverified(`${where}: an address range is`);
  if (!prefixLists) return [];
  return [{ verdict: "unverified", message: `${where} names a prefix list, whose ranges cannot be seen from here.` }];
}

const noWorldIngress: ResourceRule = {
  scope: "resource",
  name: "sg-no-world-ingress",
  description: "No security group lets the internet in.",
  why: "What answers the whole internet is found and tried within minutes. Nothing of a stack must: load balancers are the cluster's own.",
  remedy:
    "Name the security group, or the address ranges, that may come in. A load balancer for everybody on port 443 is an exemption with a reason.",
  ids: [
    "EC2.18",
    "EC2.19",
    "EC2.13",
    "EC2.14",
    "CKV_AWS_24",
    "CKV_AWS_25",
    "CKV_AWS_260",
    "CKV_AWS_277",
    "CIS-AWS 6.1.2",
    "CIS-AWS 6.3",
    "CIS-AWS 6.4",
  ],
  levels: ALWAYS,
  types: OPENING_TYPES,
  check: (resource) =>
    ofEachOpening(resource, "ingress", (opening, where) =>
      judgeRanges(opening, where, isWorld, "lets the whole internet in"),
    ),
};

/** PostgreSQL, Redis and MongoDB: where the data is. */
const DATA_PORTS = [5432, 6379, 27017];

/** Judges the openings of data ports; ranges only count when the opening reaches such a port. */
function judgeDataPorts(opening: Opening, where: string, isWrong: (range: string) => boolean, message: string) {
  const answers = DATA_PORTS.map((port) => reaches(opening, port));
  if (answers.includes("yes")) return judgeRanges(opening, where, isWrong, message);
  if (!answers.includes("unknown")) return [];
  return judgeRanges(opening, where, isWrong, message).length === 0 ? [] : unverified(`${where}: its ports are`);
}

const dataPorts: ResourceRule = {
  scope: "resource",
  name: "sg-data-ports",
  description: "The ports of databases and caches are open to security groups and private ranges of a VPC only.",
  why: "A database needs no visitor from outside its network; a wrong route or a peering must not be enough to reach it.",
  remedy: "Let in the security group of the clients, or the range of the VPC: private, and /16 or smaller.",
  ids: ["EC2.19", "S1-21"],
  levels: ALWAYS,
  types: OPENING_TYPES,
  check: (resource) =>
    ofEachOpening(resource, "ingress", (opening, where) =>
      judgeDataPorts(
        opening,
        where,
        (range) => !isPrivate(range),
        "opens a data port to more than a private range of a VPC",
      ),
    ),
};

const dataPortsByGroup: ResourceRule = {
  scope: "resource",
  name: "sg-data-ports-by-group",
  description: "The ports of databases and caches are open to security groups alone.",
  why: "A range of addresses lets in whatever is started in it; a group lets in what was given that group on purpose.",
  remedy: "Name the security group of the clients, such as the cluster's, instead of an address range.",
  ids: ["EC2.19"],
  levels: ADVICE,
  types: OPENING_TYPES,
  check: (resource) =>
    ofEachOpening(resource, "ingress", (opening, where) =>
      judgeDataPorts(opening, where, () => true, "opens a data port to an address range"),
    ),
};

const egressScoped: ResourceRule = {
  scope: "resource",
  name: "sg-egress-scoped",
  description: "What may reach the whole internet may do so on single ports only.",
  why: "A way out on every port is the way by which data leaves and commands come in, once something in the network is taken over.",
  remedy: "Let out one port and protocol for each rule, such as TCP 443, or name the ranges that are meant.",
  ids: ["CKV_AWS_382"],
  levels: FROM_ENTERPRISE,
  types: OPENING_TYPES,
  check: (resource) =>
    ofEachOpening(resource, "egress", (opening, where) => {
      const onePort = isOnePort(opening);
      if (onePort === "yes") return [];
      const judgements = judgeRanges(opening, where, isWorld, "lets everything out into the internet");
      if (onePort === "no" || judgements.length === 0) return judgements;
      return unverified(`${where}: its ports are`);
    }),
};

const subnetNoPublicIp: ResourceRule = {
  scope: "resource",
  name: "subnet-no-public-ip",
  description: "No subnet gives public addresses to what is started in it.",
  why: "A public address that comes by itself makes a machine reachable without anybody having asked for it.",
  remedy:
    "Leave `mapPublicIpOnLaunch` out, or set it to false; load balancers and NAT gateways bring their own addresses.",
  ids: ["EC2.15", "CKV_AWS_130"],
  levels: ALWAYS,
  types: ["aws:ec2/subnet:Subnet"],
  check: ({ props }) => mustNotBeTrue(props, "mapPublicIpOnLaunch"),
};

/** What is asked of security groups and subnets, one by one. */
export const networkRules: readonly Rule[] = [
  noWorldIngress,
  dataPorts,
  dataPortsByGroup,
  egressScoped,
  subnetNoPublicIp,
];
