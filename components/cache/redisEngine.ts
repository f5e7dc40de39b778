/** What ElastiCache wants to know of an engine. */
export interface RedisEngine {
  /** Version that is asked for. A newer one is taken in place; an older one would make a new cache. */
  readonly version: string;
  /** Family of parameter groups that fits the version. */
  readonly family: string;
}

/**
 * The engines of C-29: Redis 7 (the last Redis OSS of ElastiCache is 7.1) or Valkey. Redis becomes Valkey in place.
 * Families: docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html.
 */
export const REDIS_ENGINES = {
  redis: { version: "7.1", family: "redis7" },
  valkey: { version: "8.2", family: "valkey8" },
} as const satisfies Record<string, RedisEngine>;

export type RedisEngineName = keyof typeof REDIS_ENGINES;
