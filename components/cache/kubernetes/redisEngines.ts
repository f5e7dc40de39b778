import type { SizeName } from "../../../settings/tiers";

/** What tells one engine's image from the other's. Both read the same configuration. */
interface Engine {
  /** An exact version of Redis 7 (S1-45, C-29) or Valkey 8. */
  readonly image: string;
  readonly server: string;
  readonly client: string;
}

/** Redis 7.2 and not 7.4: the last one under a free licence, and the last one whose volumes Valkey 8 reads (format 11 of dumps). */
export const ENGINES = {
  redis: { image: "redis:7.2.15-alpine", server: "redis-server", client: "redis-cli" },
  valkey: { image: "valkey/valkey:8.1.8-alpine", server: "valkey-server", client: "valkey-cli" },
} as const satisfies Record<string, Engine>;

export type KubernetesRedisEngine = keyof typeof ENGINES;

/** Tells Prometheus about a server of either engine. */
export const EXPORTER_IMAGE = "oliver006/redis_exporter:v1.90.0";

export interface RedisSize {
  /** Thousandths of a CPU that a node asks for; it may use twice as much while that is free. */
  readonly cpu: number;
  /** What a node asks for and may use. */
  readonly memoryMiB: number;
}

/** A node by machine size; ours, as no document states it. */
export const REDIS_SIZES: Readonly<Record<SizeName, RedisSize>> = {
  development: { cpu: 100, memoryMiB: 256 },
  production: { cpu: 250, memoryMiB: 1024 },
  "high-load": { cpu: 500, memoryMiB: 4096 },
};

/**
 * Share of a node's memory for keys and values; ours. The rest is for what a save copies while it runs, for connections and for
 * what waits to be sent to replicas: without it the whole server is ended instead of a key.
 */
const KEYS_SHARE = 0.6;

export const maxmemoryMiB = (memoryMiB: number): number => Math.floor(memoryMiB * KEYS_SHARE);

/**
 * GiB that a node's volume needs: up to six copies of the keys lie on it at once, when a dump is taken while the log of writes, at
 * twice the size of its base, is written anew.
 */
export const leastStorageGiB = (memoryMiB: number): number =>
  Math.max(1, Math.ceil((6 * maxmemoryMiB(memoryMiB)) / 1024));
