import { UserError } from "../../settings/errors";

/** Arithmetic of the address range of a VPC: which subnet lies where. Pure, so it can be tested by itself. */

/** As many zones as there is room for; a fourth can follow three without moving anything. */
export const MAX_ZONES = 4;

/** Ranges of the subnets, one of each kind for each zone, in the order of the zones. */
export interface SubnetPlan {
  /** For load balancers and NAT gateways: 1/32 of the VPC each, 2048 addresses of a /16. */
  readonly public: readonly string[];
  /** For pods, which need the most addresses: 1/8 each, 8192 of a /16. */
  readonly private: readonly string[];
  /** For database and cache: 1/32 each, 2048 of a /16. */
  readonly data: readonly string[];
}

/**
 * The subnets of a VPC. A range depends on the place of its zone in the list alone, so a zone that is added at the end moves
 * no other. The VPC's first half is private; of its second half, the first quarter is public, the second is for data, and the
 * rest stays free for what is still to come.
 */
export function planSubnets(cidr: string, zones: number): SubnetPlan {
  const vpc = parse(cidr);
  if (zones < 1 || zones > MAX_ZONES) throw new Error(`a network has 1 to ${MAX_ZONES} zones, not ${zones}`);
  const slice = (bits: number, first: number): string[] =>
    Array.from({ length: zones }, (_, zone) =>
      format(vpc.first + (first + zone) * 2 ** (32 - vpc.prefix - bits), vpc.prefix + bits),
    );
  return { private: slice(3, 0), public: slice(5, 16), data: slice(5, 20) };
}

/** A range as its first address, a number of 32 bits, and the length of its prefix. */
interface Range {
  readonly first: number;
  readonly prefix: number;
}

function parse(cidr: string): Range {
  const [address = "", length = ""] = cidr.split("/");
  const octets = address.split(".").map(Number);
  const prefix = Number(length);
  const isRange =
    octets.length === 4 &&
    octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet <= 255) &&
    length !== "";
  if (!isRange || !Number.isInteger(prefix) || prefix < 16 || prefix > 20)
    throw new UserError(`network.cidr: ${cidr} is no IPv4 range from /16 to /20, such as 10.20.0.0/16.`);
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const start = first - (first % 2 ** (32 - prefix));
  if (first !== start)
    throw new UserError(`network.cidr: ${cidr} does not begin at its first address. Write ${format(start, prefix)}.`);
  return { first, prefix };
}

const format = (first: number, prefix: number): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
