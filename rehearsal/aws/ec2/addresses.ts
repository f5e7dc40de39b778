import { BlockList } from "node:net";

/** Questions about IPv4 ranges such as `10.0.0.0/16`. A text that is none has no answer but false. */

const parts = (cidr: string): { network: string; prefix: number } | undefined => {
  const [, network = "", prefix = ""] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr) ?? [];
  return network === "" ? undefined : { network, prefix: Number(prefix) };
};

/** True when the whole of `inner` lies in `outer`. */
export function contains(outer: string, inner: string): boolean {
  const [one, other] = [parts(outer), parts(inner)];
  if (one === undefined || other === undefined || one.prefix > other.prefix) return false;
  const list = new BlockList();
  list.addSubnet(one.network, one.prefix);
  return list.check(other.network);
}

/** True when two ranges share an address. */
export const overlapping = (one: string, other: string): boolean => contains(one, other) || contains(other, one);

/** Bits of the network, undefined for a text that is no range. */
export const prefixOf = (cidr: string): number | undefined => parts(cidr)?.prefix;

/** True when the range is written by its first address, as the provider wants it. */
export function startsItsNetwork(cidr: string): boolean {
  const range = parts(cidr);
  if (range === undefined) return false;
  const bits = range.network
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
  return !bits.slice(range.prefix).includes("1");
}
