import * as pulumi from "@pulumi/pulumi";
import type { CacheEndpoint, DatabaseEndpoint, FilesEndpoint } from "../endpoints";

export interface ContractParts {
  readonly database: DatabaseEndpoint;
  readonly files: FilesEndpoint;
  readonly cache: CacheEndpoint;
}

type Variables = Record<string, pulumi.Input<string>>;

/**
 * The environment variables that the application reads, made from the three endpoints in this one place for `.env`,
 * Kubernetes and Compose alike. Names and literals: S1-08 to S1-20, extensions of ours: C-11.
 */
export function contract(parts: ContractParts): Variables {
  return { ...databaseVariables(parts.database), ...filesVariables(parts.files), ...cacheVariables(parts.cache) };
}

function databaseVariables(database: DatabaseEndpoint): Variables {
  if (database.kind === "sqlite") {
    // No DATABASE_URL: a PostgreSQL client cannot open a path, so its absence is what selects SQLite (C-10).
    return {
      DB_TYPE: "sqlite",
      DB_SQLITE_PATH: database.path,
      DB_SQLITE_BUSY_TIMEOUT_MS: String(database.busyTimeoutMs),
    };
  }
  const { host, port, name, username, password, sslmode, poolMax } = database;
  return {
    DB_TYPE: "postgresql",
    DB_PG_HOST: host,
    DB_PG_PORT: String(port),
    ...(database.readerHost === undefined ? {} : { DB_PG_READ_HOST: database.readerHost }),
    DB_PG_DATABASE: name,
    DB_PG_USERNAME: username,
    DB_PG_PASSWORD: password,
    ...(sslmode === undefined ? {} : { DB_PG_SSLMODE: sslmode }),
    ...(poolMax === undefined ? {} : { DB_PG_POOL_MAX: String(poolMax) }),
    DATABASE_URL: pulumi
      .all([host, username, password])
      .apply(
        ([h, u, p]) =>
          `postgresql://${encodeURIComponent(u)}:${encodeURIComponent(p)}@${h}:${port}/${encodeURIComponent(name)}${sslmode === undefined ? "" : `?sslmode=${sslmode}`}`,
      ),
  };
}

function filesVariables(files: FilesEndpoint): Variables {
  if (files.kind === "local") return { FILE_STORAGE_TYPE: "local", FILE_STORAGE_LOCAL_PATH: files.path };
  return {
    FILE_STORAGE_TYPE: "s3",
    FILE_STORAGE_S3_BUCKET: files.bucket,
    FILE_STORAGE_S3_REGION: files.region,
    ...(files.endpoint === undefined ? {} : { FILE_STORAGE_S3_ENDPOINT: files.endpoint }),
    ...(files.credentials === undefined
      ? {}
      : {
          FILE_STORAGE_S3_ACCESS_KEY: files.credentials.accessKey,
          FILE_STORAGE_S3_SECRET_KEY: files.credentials.secretKey,
        }),
    ...(files.forcePathStyle ? { FILE_STORAGE_S3_FORCE_PATH_STYLE: "true" } : {}),
  };
}

function cacheVariables(cache: CacheEndpoint): Variables {
  if (cache.kind === "memory") return { CACHE_TYPE: "memory" };
  return {
    CACHE_TYPE: cache.kind,
    CACHE_REDIS_HOST: cache.host,
    CACHE_REDIS_PORT: String(cache.port),
    ...(cache.tls ? { CACHE_REDIS_TLS: "true" } : {}),
    ...(cache.username === undefined ? {} : { CACHE_REDIS_USERNAME: cache.username }),
    ...(cache.password === undefined ? {} : { CACHE_REDIS_PASSWORD: cache.password }),
  };
}
