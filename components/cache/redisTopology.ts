import { UserError } from "../../settings/errors";

/**
 * How the nodes of a cache stand: one group of nodes with one writer, or shards that divide the keys (cluster mode).
 * The two cannot be changed into each other in place.
 */
export type RedisTopology =
  | {
      /** Nodes in all, 1 to 6: one writer, the others replicas in other zones. */
      readonly nodes: number;
    }
  | {
      /** Parts of the key space. Changed in place, online. */
      readonly shards: number;
      /** Copies of each shard in other zones, 1 to 5. Changed in place, online. */
      readonly replicasPerShard: number;
    };

/** Nodes in one cluster-mode cache, at most (ElastiCache user guide, "Managing clusters"). */
const MAX_NODES = 500;

export const isClustered = (topology: RedisTopology): topology is Extract<RedisTopology, { readonly shards: number }> =>
  "shards" in topology;

/** Nodes in all; the bill is this many times the price of a node. */
export const nodeCount = (topology: RedisTopology): number =>
  isClustered(topology) ? topology.shards * (1 + topology.replicasPerShard) : topology.nodes;

/** True when a node can fail and another one takes over. */
export const survivesANode = (topology: RedisTopology): boolean =>
  isClustered(topology) ? topology.replicasPerShard > 0 : topology.nodes > 1;

/** Names that AWS gives the nodes of a replication group: the `CacheClusterId` of each metric. */
export function memberIds(replicationGroupId: string, topology: RedisTopology): string[] {
  if (!isClustered(topology)) return numbered(topology.nodes).map((node) => `${replicationGroupId}-${pad(node, 3)}`);
  return numbered(topology.shards).flatMap((shard) =>
    numbered(1 + topology.replicasPerShard).map((node) => `${replicationGroupId}-${pad(shard, 4)}-${pad(node, 3)}`),
  );
}

/** Refuses what ElastiCache would refuse after minutes. */
export function checkTopology(topology: RedisTopology): void {
  const nodes = nodeCount(topology);
  if (nodes > MAX_NODES)
    throw new UserError(
      `cache: ${nodes} nodes (shards × (1 + replicasPerShard)) are more than the ${MAX_NODES} that one cache can have; take fewer replicas or a larger nodeType`,
    );
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");
