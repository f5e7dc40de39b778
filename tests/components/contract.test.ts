import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../components/app/contract";
import type { CacheEndpoint, DatabaseEndpoint, FilesEndpoint } from "../../components/endpoints";
import { parseSettings, type SmbSettings } from "../../settings";
import { mockEngine, resolved } from "../support/mocks";

beforeAll(() => void mockEngine());

const known = (value: string) => pulumi.output(value);
const smb = parseSettings({ tier: "smb", users: 5_000 }, "smb").settings as SmbSettings;

const sqlite: DatabaseEndpoint = { kind: "sqlite", path: known("/data/app.db"), busyTimeoutMs: 5_000 };
const postgresql = (password: string, more: Partial<DatabaseEndpoint> = {}): DatabaseEndpoint => ({
  kind: "postgresql",
  host: known("postgres.internal"),
  port: 5432,
  name: smb.database.name,
  username: known("aibase"),
  password: pulumi.secret(password),
  ...(more as object),
});
const local: FilesEndpoint = { kind: "local", path: known("/data/uploads") };
const s3: FilesEndpoint = { kind: "s3", bucket: known("aibase-files"), region: smb.region };
const memory: CacheEndpoint = { kind: "memory" };
const redis: CacheEndpoint = { kind: "redis", host: known("redis.internal"), port: 6379, tls: false };

async function variables(database: DatabaseEndpoint, files: FilesEndpoint, cache: CacheEndpoint) {
  return resolved<Record<string, string>>(pulumi.output(contract({ database, files, cache })));
}

describe("the contract of one machine", () => {
  it("is SQLite, a folder and memory, and nothing else", async () => {
    expect(await variables(sqlite, local, memory)).toEqual({
      DB_TYPE: "sqlite",
      DB_SQLITE_PATH: "/data/app.db",
      DB_SQLITE_BUSY_TIMEOUT_MS: "5000",
      FILE_STORAGE_TYPE: "local",
      FILE_STORAGE_LOCAL_PATH: "/data/uploads",
      CACHE_TYPE: "memory",
    });
  });
});

describe("the database in the contract", () => {
  it("S1-08: DB_TYPE is sqlite or postgresql", async () => {
    expect((await variables(sqlite, local, memory)).DB_TYPE).toBe("sqlite");
    expect((await variables(postgresql("x"), s3, redis)).DB_TYPE).toBe("postgresql");
  });

  it("S1-09: DB_PG_HOST is there for PostgreSQL, and only for it", async () => {
    expect((await variables(postgresql("x"), s3, redis)).DB_PG_HOST).toBe("postgres.internal");
    expect(await variables(sqlite, local, memory)).not.toHaveProperty("DB_PG_HOST");
  });

  it("S1-10: DB_PG_DATABASE is aibase where the settings name no other", async () => {
    expect((await variables(postgresql("x"), s3, redis)).DB_PG_DATABASE).toBe("aibase");
  });

  it("S1-12: DB_PG_PASSWORD is a secret, and so is the URL that holds it", async () => {
    const made = contract({ database: postgresql("hunter2"), files: s3, cache: redis });
    for (const key of ["DB_PG_PASSWORD", "DATABASE_URL"])
      expect(await pulumi.isSecret(pulumi.output(made[key]))).toBe(true);
    expect(await pulumi.isSecret(pulumi.output(made))).toBe(true);
  });

  it("S2-35: DATABASE_URL is postgresql://user:password@host:port/database", async () => {
    const { DATABASE_URL, DB_PG_PORT, DB_PG_USERNAME } = await variables(postgresql("password"), s3, redis);
    expect(DATABASE_URL).toBe("postgresql://aibase:password@postgres.internal:5432/aibase");
    expect([DB_PG_PORT, DB_PG_USERNAME]).toEqual(["5432", "aibase"]);
  });

  it("has no DATABASE_URL on SQLite, because a PostgreSQL client cannot open a path", async () => {
    expect(await variables(sqlite, local, memory)).not.toHaveProperty("DATABASE_URL");
  });

  it("carries any password in the URL, and the same in the variable", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (password) => {
        const { DATABASE_URL = "", DB_PG_PASSWORD } = await variables(postgresql(password), s3, redis);
        const url = new URL(DATABASE_URL);
        expect(decodeURIComponent(url.password)).toBe(password);
        expect([url.hostname, url.port, url.pathname]).toEqual(["postgres.internal", "5432", "/aibase"]);
        expect(DB_PG_PASSWORD).toBe(password);
      }),
      { numRuns: 40 },
    );
  });

  it("tells the reader apart from the writer only where there is one", async () => {
    const readerHost = known("reader.internal");
    expect((await variables(postgresql("x", { readerHost }), s3, redis)).DB_PG_READ_HOST).toBe("reader.internal");
    expect(await variables(postgresql("x"), s3, redis)).not.toHaveProperty("DB_PG_READ_HOST");
  });

  it("has no connection of the engine that was not chosen", async () => {
    expect(Object.keys(await variables(postgresql("x"), s3, redis)).join()).not.toContain("SQLITE");
    expect(Object.keys(await variables(sqlite, local, memory)).join()).not.toMatch(/_PG_|REDIS|S3/);
  });
});

describe("files and cache in the contract", () => {
  it("S1-13: FILE_STORAGE_TYPE is local or s3", async () => {
    expect((await variables(sqlite, local, memory)).FILE_STORAGE_TYPE).toBe("local");
    expect((await variables(sqlite, s3, memory)).FILE_STORAGE_TYPE).toBe("s3");
  });

  it("S1-15: FILE_STORAGE_S3_REGION is us-east-1 where the settings name no other", async () => {
    expect(await variables(sqlite, s3, memory)).toMatchObject({
      FILE_STORAGE_S3_BUCKET: "aibase-files",
      FILE_STORAGE_S3_REGION: "us-east-1",
    });
  });

  it("S1-31: FILE_STORAGE_S3_ENDPOINT is set for MinIO and not for AWS", async () => {
    const minio: FilesEndpoint = { ...s3, endpoint: "http://minio:9000" };
    expect((await variables(sqlite, minio, memory)).FILE_STORAGE_S3_ENDPOINT).toBe("http://minio:9000");
    expect(await variables(sqlite, s3, memory)).not.toHaveProperty("FILE_STORAGE_S3_ENDPOINT");
  });

  it("S1-32: FILE_STORAGE_S3_FORCE_PATH_STYLE is true for MinIO and not there otherwise", async () => {
    const minio: FilesEndpoint = { ...s3, forcePathStyle: true };
    expect((await variables(sqlite, minio, memory)).FILE_STORAGE_S3_FORCE_PATH_STYLE).toBe("true");
    for (const other of [s3, { ...s3, forcePathStyle: false } as FilesEndpoint])
      expect(await variables(sqlite, other, memory)).not.toHaveProperty("FILE_STORAGE_S3_FORCE_PATH_STYLE");
  });

  it("S1-18: CACHE_TYPE is memory, redis or valkey", async () => {
    expect((await variables(sqlite, local, memory)).CACHE_TYPE).toBe("memory");
    expect((await variables(sqlite, local, redis)).CACHE_TYPE).toBe("redis");
    expect((await variables(sqlite, local, { ...redis, kind: "valkey" })).CACHE_TYPE).toBe("valkey");
  });

  it("S1-19: CACHE_REDIS_HOST is there for Redis and for Valkey, and only for them", async () => {
    for (const kind of ["redis", "valkey"] as const)
      expect(await variables(sqlite, local, { ...redis, kind })).toMatchObject({
        CACHE_REDIS_HOST: "redis.internal",
        CACHE_REDIS_PORT: "6379",
      });
    expect(await variables(sqlite, local, memory)).not.toHaveProperty("CACHE_REDIS_HOST");
  });

  it("asks for encryption on the wire only where the cache speaks it", async () => {
    expect((await variables(sqlite, local, { ...redis, tls: true })).CACHE_REDIS_TLS).toBe("true");
    expect(await variables(sqlite, local, redis)).not.toHaveProperty("CACHE_REDIS_TLS");
  });
});
