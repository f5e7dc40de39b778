import type { SmbSettings } from "../settings";
import { sizeByName, sizeForUsers } from "../settings/tiers";
import { app } from "./app";
import { files } from "./files";
import { postgresqlMemory } from "./memory";
import { type PostgresArgs, postgres, postgresEndpoint } from "./postgres";
import { type RedisArgs, redis, redisEndpoint } from "./redis";
import type { TierParts } from "./rendered";

/** Tier smb on one server: application, PostgreSQL, files on MinIO or on a server that is there, and a cache (S1-61). */
export async function smbParts(settings: SmbSettings, build: string | undefined): Promise<TierParts> {
  const { database } = settings;
  const size = settings.size === undefined ? sizeForUsers(settings.users) : sizeByName(settings.size);
  const memory = postgresqlMemory(size, database.replicas);
  const postgresArgs: PostgresArgs = {
    name: database.name,
    catalogue: database.catalogue ?? [database.name],
    version: database.version,
    tuning: database.tuning,
    replicas: database.replicas,
    poolMax: database.poolMax,
    memoryMiB: memory.database,
    vcpus: size.vcpus,
    storageGiB: size.storageGiB,
  };
  const redisArgs: RedisArgs = {
    engine: settings.cache.type,
    maxmemoryPolicy: settings.cache.maxmemoryPolicy,
    memoryMiB: memory.cache,
  };
  const store = await files({ ...settings.files, region: settings.region, memoryMiB: memory.files });
  return {
    app: await app({
      image: settings.app.image,
      ...(build === undefined ? {} : { build }),
      port: settings.app.port,
      memoryMiB: memory.app,
      parts: {
        database: postgresEndpoint(postgresArgs),
        files: store.endpoint,
        cache: redisEndpoint(redisArgs),
      },
      after: {
        postgres: "service_healthy",
        "postgres-init": "service_completed_successfully",
        ...store.after,
        redis: "service_healthy",
      },
    }),
    parts: [postgres(postgresArgs), store.part, redis(redisArgs)],
    notes: notesOf(settings),
  };
}

function notesOf({ database, app: { replicas }, cache }: SmbSettings): string[] {
  return [
    `PostgreSQL is part of the Compose file and begins empty; the stack's own (database.host ${database.host}) is another one.`,
    "Nothing backs it up by itself: docs/compose.md tells how.",
    ...(database.replicas > 0
      ? ["Replicas share this server with the primary: they take reading off it, and do not outlive it."]
      : []),
    ...(replicas > 1 ? [`One container of the application instead of ${replicas} replicas.`] : []),
    ...(cache.nodes > 1 ? [`One cache instead of ${cache.nodes} nodes.`] : []),
  ];
}
