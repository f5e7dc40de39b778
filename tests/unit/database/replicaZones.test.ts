import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replicaZone } from "../../../components/database/replicaZones";

describe("the zone of a replica", () => {
  const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

  it("S4-14: is another one than the primary's for each of two replicas, whatever the primary's is", () => {
    for (const own of zones) {
      const taken = [0, 1].map((index) => replicaZone(zones, own, index));
      expect(new Set([own, ...taken]).size).toBe(3);
    }
  });

  it("is never the primary's, as long as there is another one", () => {
    fc.assert(
      fc.property(fc.subarray([...zones, "us-east-1d"], { minLength: 2 }), fc.nat(5), fc.nat(3), (all, index, own) => {
        const primary = all[own % all.length] ?? "";
        expect(all).toContain(replicaZone(all, primary, index));
        expect(replicaZone(all, primary, index)).not.toBe(primary);
      }),
    );
  });

  it("is unknown where the primary's is the only one", () => {
    expect(replicaZone(["us-east-1a"], "us-east-1a", 0)).toBeUndefined();
  });
});
