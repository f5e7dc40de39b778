import { z } from "zod";
import { count } from "./fields";

/** The group `cache`, as each tier has it. */

export const memoryCache = z.strictObject({
  type: z.literal("memory").default("memory").describe("Cache and sessions in the memory of the one process."),
});

const redisFields = {
  type: z.enum(["redis", "valkey"]).default("redis").describe("Cache engine. Sessions end when it changes."),
  tls: z
    .enum(["required", "preferred"])
    .default("required")
    .describe("Encryption on the wire; `preferred` only while clients move over."),
};

const cacheNodes = {
  nodeType: z
    .string()
    .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/)
    .optional()
    .meta({
      description: "ElastiCache node type. Default: by `size`. Changed in place.",
      allowed: "a node type such as cache.m7g.large",
    }),
  snapshotDays: count(1, 35, "Days that a daily snapshot of the cache is kept.").default(7),
  maxmemoryPolicy: z
    .enum(["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl"])
    .default("volatile-lru")
    .describe("What the cache forgets when its memory is full; `volatile-lru` spares what has no expiry."),
};

/** Of a cache in the cluster. */
const clusterFields = {
  tlsSecret: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
    .max(253)
    .optional()
    .meta({
      description:
        "Secret of the namespace with tls.crt, tls.key and ca.crt for a cache in the cluster. Default: no encryption there; only its clients reach it.",
      allowed: "the name of a Secret of type kubernetes.io/tls",
    }),
  volumeGiB: count(
    1,
    1024,
    "Size of each volume of a cache in the cluster, in GiB. It can grow and never shrink. Default, and least: by `size`.",
  ).optional(),
};

const nodes = count(1, 6, "Cache nodes: one primary, and replicas that follow it.").default(1);

export const redisCache = z.strictObject({
  ...redisFields,
  nodes,
  ...cacheNodes,
  ...clusterFields,
});

/** Of a tier whose cache is always in the cluster. */
export const clusterCache = z.strictObject({
  type: redisFields.type,
  nodes,
  maxmemoryPolicy: cacheNodes.maxmemoryPolicy,
  ...clusterFields,
});

export const clusteredCache = z.strictObject({
  ...redisFields,
  shards: count(1, 500, "Shards of the clustered cache.").default(2),
  replicasPerShard: count(1, 5, "Replicas of each shard, in other zones.").default(1),
  ...cacheNodes,
});
