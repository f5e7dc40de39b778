import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CACHE_NODE_TYPES, cacheNodeType } from "../../../components/cache/nodeTypes";
import {
  checkTopology,
  isClustered,
  memberIds,
  nodeCount,
  survivesANode,
} from "../../../components/cache/redisTopology";
import { UserError } from "../../../settings/errors";
import { SIZES } from "../../../settings/tiers";

const shards = fc.record({
  shards: fc.integer({ min: 1, max: 500 }),
  replicasPerShard: fc.integer({ min: 1, max: 5 }),
});
const nodes = fc.record({ nodes: fc.integer({ min: 1, max: 6 }) });

describe("topology of a cache", () => {
  it("names one node for each that is paid for, and no name twice", () => {
    fc.assert(
      fc.property(fc.oneof(shards, nodes), (topology) => {
        const ids = memberIds("aibase-prod-cache", topology);
        expect(ids).toHaveLength(nodeCount(topology));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it("names nodes as AWS does", () => {
    expect(memberIds("g", { nodes: 2 })).toEqual(["g-001", "g-002"]);
    expect(memberIds("g", { shards: 2, replicasPerShard: 1 })).toEqual([
      "g-0001-001",
      "g-0001-002",
      "g-0002-001",
      "g-0002-002",
    ]);
  });

  it("keeps names within the 50 characters of a cache cluster id for the longest group name", () => {
    fc.assert(
      fc.property(shards, (topology) => {
        const longest = "a".repeat(40);
        expect(Math.max(...memberIds(longest, topology).map(({ length }) => length))).toBeLessThanOrEqual(50);
      }),
    );
  });

  it("survives the loss of a node exactly when there is another one", () => {
    expect(survivesANode({ nodes: 1 })).toBe(false);
    expect(survivesANode({ nodes: 2 })).toBe(true);
    expect(survivesANode({ shards: 1, replicasPerShard: 1 })).toBe(true);
    expect(isClustered({ shards: 1, replicasPerShard: 1 })).toBe(true);
    expect(isClustered({ nodes: 6 })).toBe(false);
  });

  it("refuses more nodes than one cache can have, before anything is made", () => {
    expect(() => checkTopology({ shards: 250, replicasPerShard: 1 })).not.toThrow();
    expect(() => checkTopology({ shards: 251, replicasPerShard: 1 })).toThrow(UserError);
  });
});

describe("node types", () => {
  it("grow with the machine size and are burstable below high load only", () => {
    const bytes = SIZES.map(({ name }) => CACHE_NODE_TYPES[name].maxmemoryBytes);
    expect([...bytes].sort((one, other) => one - other)).toEqual(bytes);
    expect(SIZES.map(({ name }) => /^cache\.t/.test(cacheNodeType(name)))).toEqual([true, true, false]);
  });
});
