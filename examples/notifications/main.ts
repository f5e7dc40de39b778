import { type BridgeOptions, runBridge } from "./bridge";

/** The connection to PostgreSQL comes from PG*, that to Redis from the application's own variables. */
function fromEnvironment(env: NodeJS.ProcessEnv): Pick<BridgeOptions, "redis" | "slot" | "publication" | "channel"> {
  const { CACHE_REDIS_HOST: host, CACHE_REDIS_PORT = "6379", CACHE_REDIS_TLS, CACHE_REDIS_PASSWORD } = env;
  if (!host) throw new Error("CACHE_REDIS_HOST is not set: the host of the Redis to publish to");
  const port = Number(CACHE_REDIS_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`CACHE_REDIS_PORT is ${JSON.stringify(CACHE_REDIS_PORT)}: it has to be a port, from 1 to 65535`);
  return {
    redis: {
      socket: CACHE_REDIS_TLS === "true" ? { host, port, tls: true } : { host, port },
      ...(CACHE_REDIS_PASSWORD ? { password: CACHE_REDIS_PASSWORD } : {}),
    },
    slot: env.NOTIFICATIONS_SLOT ?? "circle_notifications",
    publication: env.NOTIFICATIONS_PUBLICATION ?? "circle_changes",
    channel: env.NOTIFICATIONS_CHANNEL ?? "notifications",
  };
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  try {
    await runBridge({ ...fromEnvironment(process.env), postgres: {}, signal: stop.signal, log });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  log("stopped");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
