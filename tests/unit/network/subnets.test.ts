import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ZONES, planSubnets, type SubnetPlan } from "../../../components/network/subnets";
import { UserError } from "../../../settings/errors";

const number = (address: string): number => address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** First and last address of a range, as numbers. */
function ends(cidr: string): [number, number] {
  const [address = "", prefix = ""] = cidr.split("/");
  return [number(address), number(address) + 2 ** (32 - Number(prefix)) - 1];
}

const all = (plan: SubnetPlan): string[] => [...plan.public, ...plan.private, ...plan.data];

/** A VPC range that begins at its first address, with every address that has one. */
const vpc = fc
  .tuple(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 2 ** 20 - 1 }))
  .map(([prefix, index]) => {
    const first = (index % 2 ** prefix) * 2 ** (32 - prefix);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
  });
const zones = fc.integer({ min: 1, max: MAX_ZONES });

describe("the subnets of a VPC", () => {
  it("are these for the usual VPC in three zones", () => {
    expect(planSubnets("10.20.0.0/16", 3)).toEqual({
      private: ["10.20.0.0/19", "10.20.32.0/19", "10.20.64.0/19"],
      public: ["10.20.128.0/21", "10.20.136.0/21", "10.20.144.0/21"],
      data: ["10.20.160.0/21", "10.20.168.0/21", "10.20.176.0/21"],
    });
  });

  it("lie inside it", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, count) => {
        const [first, last] = ends(cidr);
        for (const subnet of all(planSubnets(cidr, count))) {
          expect(ends(subnet)[0]).toBeGreaterThanOrEqual(first);
          expect(ends(subnet)[1]).toBeLessThanOrEqual(last);
        }
      }),
    );
  });

  it("share no address", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, count) => {
        const ranges = all(planSubnets(cidr, count))
          .map(ends)
          .sort((one, other) => one[0] - other[0]);
        for (const [index, [first]] of ranges.entries()) expect(first).toBeGreaterThan(ranges[index - 1]?.[1] ?? -1);
      }),
    );
  });

  it("begin at their first address, and are as large as RDS and EKS need them", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, count) => {
        for (const subnet of all(planSubnets(cidr, count))) {
          const [first, last] = ends(subnet);
          expect(first % (last - first + 1)).toBe(0);
          expect(last - first + 1).toBeGreaterThanOrEqual(128);
        }
      }),
    );
  });

  it("stay where they are when a zone is added at the end", () => {
    fc.assert(
      fc.property(vpc, fc.integer({ min: 1, max: MAX_ZONES - 1 }), (cidr, count) => {
        const [now, then] = [planSubnets(cidr, count), planSubnets(cidr, count + 1)];
        for (const kind of ["public", "private", "data"] as const)
          expect(then[kind].slice(0, count)).toEqual(now[kind]);
      }),
    );
  });

  it("leave an eighth of the VPC free even in four zones", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        const [first, last] = ends(cidr);
        const used = all(planSubnets(cidr, MAX_ZONES)).map((subnet) => ends(subnet)[1]);
        expect(last - Math.max(...used)).toBeGreaterThanOrEqual((last - first + 1) / 8);
      }),
    );
  });

  it.each([
    ["10.20.5.0/16", /does not begin at its first address\. Write 10\.20\.0\.0\/16\./],
    ["10.20.0.0/24", /from \/16 to \/20/],
    ["10.20.0.0/8", /from \/16 to \/20/],
    ["10.20.0.0", /from \/16 to \/20/],
    ["10.20.0.256/16", /from \/16 to \/20/],
    ["", /from \/16 to \/20/],
  ])("a range such as %j is the user's mistake", (cidr, message) => {
    expect(() => planSubnets(cidr, 3)).toThrow(UserError);
    expect(() => planSubnets(cidr, 3)).toThrow(message);
  });

  it.each([0, MAX_ZONES + 1])("%i zones are none or too many", (count) => {
    expect(() => planSubnets("10.20.0.0/16", count)).toThrow(/1 to 4 zones/);
  });
});
