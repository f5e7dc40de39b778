import { output } from "@pulumi/pulumi";
import type { SmallTeamSettings } from "../settings";
import { sizeByName, sizeForUsers } from "../settings/tiers";
import { app } from "./app";
import { sqliteMemory } from "./memory";
import { type RedisArgs, redis, redisEndpoint } from "./redis";
import type { TierParts } from "./rendered";
import { type SqliteArgs, sqlite, sqliteEndpoint, VOLUMES, volumeFiles } from "./sqlite";

/** What S3 and most servers like it call their first region. */
const REGION = "us-east-1";

/** Tier small-team on one server: the application, SQLite on a volume with Litestream beside it, and a cache (S1-88). */
export async function smallTeamParts(
  stack: string,
  settings: SmallTeamSettings,
  build: string | undefined,
): Promise<TierParts> {
  const size = settings.size === undefined ? sizeForUsers(settings.users) : sizeByName(settings.size);
  const memory = sqliteMemory(size);
  const { bucket, region, endpoint, forcePathStyle } = settings.backup.store;
  const path = `compose-${stack}`;
  const sqliteArgs: SqliteArgs = {
    ...settings.database,
    store: {
      kind: "s3",
      bucket: output(bucket),
      path,
      region: region ?? REGION,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(endpoint === undefined ? {} : { forcePathStyle }),
    },
  };
  const redisArgs: RedisArgs = {
    engine: settings.cache.type,
    maxmemoryPolicy: settings.cache.maxmemoryPolicy,
    memoryMiB: memory.cache,
  };
  return {
    app: await app({
      image: settings.app.image,
      ...(build === undefined ? {} : { build }),
      port: settings.app.port,
      memoryMiB: memory.app,
      parts: { database: sqliteEndpoint(sqliteArgs), files: volumeFiles(), cache: redisEndpoint(redisArgs) },
      after: { migrate: "service_completed_successfully", redis: "service_healthy" },
      volumes: VOLUMES,
    }),
    parts: [await sqlite(sqliteArgs), redis(redisArgs)],
    notes: [
      `Litestream replicates to ${bucket}/${path}, apart from what the stack has there itself; files on the volume are not copied.`,
    ],
  };
}
