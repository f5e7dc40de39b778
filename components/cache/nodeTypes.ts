import type { SizeName } from "../../settings/tiers";

/** An ElastiCache node type that a machine size stands for. */
export interface CacheNodeType {
  readonly nodeType: string;
  readonly vcpus: number;
  /** `maxmemory` of the node, in bytes, before the reserved part is taken off. */
  readonly maxmemoryBytes: number;
}

/**
 * Node type of each machine size. What the documents keep in the cache (sessions, hot rows: S3-29 to S3-32) is small beside
 * the database, so the classes stay below those of the database. Bytes: "Valkey node-type specific parameters" and "Redis OSS
 * node-type specific parameters", docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html.
 */
export const CACHE_NODE_TYPES: Readonly<Record<SizeName, CacheNodeType>> = {
  development: { nodeType: "cache.t4g.small", vcpus: 2, maxmemoryBytes: 1_471_026_299 },
  production: { nodeType: "cache.t4g.medium", vcpus: 2, maxmemoryBytes: 3_317_862_236 },
  // Not burstable: from here on the load is steady, and CPU credits would run out.
  "high-load": { nodeType: "cache.m7g.large", vcpus: 2, maxmemoryBytes: 6_854_542_746 },
};

/** The node type for a machine size (C-05). */
export const cacheNodeType = (size: SizeName): string => CACHE_NODE_TYPES[size].nodeType;
