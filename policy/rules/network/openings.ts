import type { Answer } from "../../checks/answer";
import { type Path, type Reading, read, readNumber, readText } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import type { Value } from "../../reading/value";

/** Everything by which traffic is let through: rules inside a group, and the two kinds of rule that stand beside it. */
export const GROUP_TYPES = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
export const RULE_TYPES = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
export const OPENING_TYPES: readonly string[] = [...GROUP_TYPES, ...RULE_TYPES];

export type Direction = "ingress" | "egress";

/** One permission to pass, whichever kind of resource gives it. */
export interface Opening {
  /** Where it stands in the resource; empty for a rule of its own. */
  readonly path: Path;
  readonly ranges: readonly Reading<string>[];
  readonly prefixLists: boolean;
  readonly protocol: Reading<string>;
  readonly from: Reading<number>;
  readonly to: Reading<number>;
}

/** The openings of a resource in one direction; `unknown` and `mistyped` name what cannot be read as such. */
export interface Openings {
  readonly openings: readonly Opening[];
  readonly unknown: readonly Path[];
  readonly mistyped: readonly Path[];
}

const NONE: Openings = { openings: [], unknown: [], mistyped: [] };

export function openingsOf({ type, props }: ResourceView, direction: Direction): Openings {
  if (GROUP_TYPES.includes(type)) return inlineOf(props, direction);
  if (type === RULE_TYPES[0]) {
    const own = readText(props, "type");
    if (own.state === "unknown") return { ...NONE, unknown: [["type"]] };
    return own.state === "known" && own.value !== direction ? NONE : { ...NONE, openings: [openingAt(props, [])] };
  }
  const ofRule = type === RULE_TYPES[1] ? "ingress" : "egress";
  return ofRule === direction ? { ...NONE, openings: [openingAt(props, [])] } : NONE;
}

function inlineOf(props: Value, direction: Direction): Openings {
  const list = read(props, direction);
  if (list.state === "absent") return NONE;
  if (list.state === "unknown") return { ...NONE, unknown: [[direction]] };
  if (list.state !== "known" || !Array.isArray(list.value)) return { ...NONE, mistyped: [[direction]] };
  const paths = list.value.map((_: Value, index): Path => [direction, index]);
  const state = (path: Path) => {
    const item = read(props, ...path);
    return item.state === "known" && (typeof item.value !== "object" || Array.isArray(item.value))
      ? "mistyped"
      : item.state;
  };
  return {
    openings: paths.filter((path) => state(path) === "known").map((path) => openingAt(props, path)),
    unknown: paths.filter((path) => state(path) === "unknown"),
    mistyped: paths.filter((path) => state(path) === "mistyped"),
  };
}

/** The names that the three kinds of resource have for the same thing. */
const RANGES = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"];
const PREFIX_LISTS = ["prefixListIds", "prefixListId"];

function openingAt(props: Value, path: Path): Opening {
  const protocol = readText(props, ...path, "protocol");
  return {
    path,
    ranges: RANGES.flatMap((name) => textsAt(props, [...path, name])),
    prefixLists: PREFIX_LISTS.some((name) => textsAt(props, [...path, name]).length > 0),
    protocol: protocol.state === "absent" ? readText(props, ...path, "ipProtocol") : protocol,
    from: readNumber(props, ...path, "fromPort"),
    to: readNumber(props, ...path, "toPort"),
  };
}

/** One text, or each of a list of texts. */
function textsAt(props: Value, path: Path): readonly Reading<string>[] {
  const reading = read(props, ...path);
  if (reading.state === "absent") return [];
  return reading.state === "known" && Array.isArray(reading.value)
    ? reading.value.map((_: Value, index) => readText(props, ...path, index))
    : [readText(props, ...path)];
}

/** An IPv4 or IPv6 range: its kind, first number and length of the prefix. */
function rangeOf(text: string): { readonly v6: boolean; readonly octets: readonly number[]; readonly prefix: number } {
  const [address = "", length = ""] = text.trim().split("/");
  const v6 = address.includes(":");
  const prefix = length === "" ? Number.NaN : Number(length);
  return { v6, octets: v6 ? [] : address.split(".").map(Number), prefix };
}

/**
 * True for the whole internet, and for so large a part of it that it makes no difference: two halves are the whole again.
 * What is no range at all counts as the world, because nobody can say whom it lets in.
 */
export function isWorld(text: string): boolean {
  const { v6, prefix } = rangeOf(text);
  return !(prefix >= (v6 ? 16 : 8));
}

/** True for a private range of IPv4 that is no larger than a VPC can be (RFC 1918, RFC 6598). */
export function isPrivate(text: string): boolean {
  const { v6, octets, prefix } = rangeOf(text);
  const [first = -1, second = -1] = octets;
  if (v6 || !(prefix >= 16 && prefix <= 32)) return false;
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

/** Whether an opening lets TCP through to a port; a protocol or port that is not known yet leaves it open. */
export function reaches({ protocol, from, to }: Opening, port: number): Answer {
  if (protocol.state === "known") {
    const name = protocol.value.toLowerCase();
    if (["-1", "all"].includes(name)) return "yes";
    if (!["tcp", "6"].includes(name)) return "no";
  }
  if (from.state === "known" && from.value > port) return "no";
  if (to.state === "known" && to.value < port) return "no";
  const open = [protocol, from, to].some(({ state }) => state === "unknown");
  return open ? "unknown" : "yes";
}

/** Whether an opening is for one port of one protocol; `unknown` before its ports are known. */
export function isOnePort({ protocol, from, to }: Opening): Answer {
  if (protocol.state === "known" && ["-1", "all"].includes(protocol.value.toLowerCase())) return "no";
  if ([protocol, from, to].some(({ state }) => state === "unknown")) return "unknown";
  return protocol.state === "known" && from.state === "known" && to.state === "known" && from.value === to.value
    ? "yes"
    : "no";
}
