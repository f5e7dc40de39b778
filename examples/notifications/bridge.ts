import { setTimeout as sleep } from "node:timers/promises";
import type { ClientConfig } from "pg";
import { createClient, type RedisClientOptions } from "redis";
import { followFeed } from "./feed";
import type { Notification } from "./transactions";

/** What the bridge is told. Nothing here is ever written to a log. */
export interface BridgeOptions {
  /** A role with REPLICATION. What is left out comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE. */
  readonly postgres: ClientConfig;
  readonly redis: Pick<RedisClientOptions, "socket" | "username" | "password">;
  /** Remembers, in PostgreSQL, what was published; made when it is not there. Two bridges with one slot take turns. */
  readonly slot: string;
  readonly publication: string;
  readonly channel: string;
  /** Ends the bridge in good order. */
  readonly signal: AbortSignal;
  log(line: string): void;
}

/** Wait after a failure, in ms: doubled from the first to the second. */
const RETRY_MS = [200, 5_000] as const;
/** A Redis that does not answer for so long is gone. */
const REDIS_SILENT_MS = 10_000;

/**
 * Publishes what users are to be told, from the change feed of PostgreSQL to a channel of Redis, until the signal. At least
 * once: PostgreSQL keeps a change until Redis has taken it, however often either of them or the bridge fails; what was
 * published right before a failure is published again after it.
 */
export async function runBridge({ redis: redisOptions, channel, signal, log, ...feed }: BridgeOptions): Promise<void> {
  const redis = createClient({
    ...redisOptions,
    socket: { connectTimeout: 5_000, socketTimeout: REDIS_SILENT_MS, reconnectStrategy, ...redisOptions.socket },
    pingInterval: REDIS_SILENT_MS / 4,
    // A notification waits in PostgreSQL, not in the memory of a process that may be killed.
    disableOfflineQueue: true,
  });
  redis.on("error", ({ message }: Error) => log(`Redis: ${message}`));
  // It goes on trying by itself; until then every PUBLISH fails, and is tried again.
  redis.connect().catch(() => undefined);
  const publish = (notification: Notification) =>
    untilDone(
      async () => {
        await redis.publish(channel, JSON.stringify(notification));
      },
      signal,
      () => undefined,
    );
  try {
    await untilDone(
      () => followFeed({ ...feed, signal, log, publish }),
      signal,
      (error) => log(`PostgreSQL: ${error.message}; trying again`),
    );
  } finally {
    redis.destroy();
  }
}

const reconnectStrategy = (retries: number): number => Math.min(RETRY_MS[0] * 2 ** retries, 2_000);

/** Does something until it succeeds, with longer and longer waits. Throws only once the signal came. */
async function untilDone(
  work: () => Promise<void>,
  signal: AbortSignal,
  failed: (error: Error) => void,
): Promise<void> {
  const [first, longest] = RETRY_MS;
  for (let wait: number = first; ; wait = Math.min(2 * wait, longest)) {
    const began = Date.now();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      failed(error instanceof Error ? error : new Error(String(error)));
    }
    // What worked for a while and failed then is not what fails again and again.
    if (Date.now() - began > longest) wait = first;
    await sleep(wait, undefined, { signal });
  }
}
