import { describe, expect, it } from "vitest";
import { environment, type MadeStack, makeStackOf } from "./makeStack";

const CLUSTER = "postgresql.cnpg.io/v1:Cluster";
const smb = { tier: "smb", users: 20_000 };
const store = { bucket: "platform-backups", region: "eu-central-1" };
const inKubernetes = { ...smb, database: { host: "kubernetes" }, backup: { store } };

const namesOf = (stack: MadeStack, kind: string): string[] =>
  stack.all(kind).map(({ inputs }) => String(Reflect.get(Object(inputs.metadata), "name")));

describe("tier smb in a cluster that is there", async () => {
  const stack = await makeStackOf(inKubernetes);

  it("has nothing in AWS", () => {
    expect(stack.all("aws:")).toEqual([]);
  });

  it("S1-59: has its database and cache in the cluster under the documented names", () => {
    expect(namesOf(stack, "core/v1:Service")).toEqual(expect.arrayContaining(["postgres-service", "redis-service"]));
    expect(stack.contract).toMatchObject({ DB_PG_HOST: "postgres-service", CACHE_REDIS_HOST: "redis-service" });
    expect(stack.one(CLUSTER).inputs.spec).toMatchObject({ instances: 3 });
  });

  it("S1-31, S1-32, S1-33: keeps its files on MinIO, by the same variables as on S3", () => {
    expect(stack.contract).toMatchObject({
      FILE_STORAGE_TYPE: "s3",
      FILE_STORAGE_S3_ENDPOINT: "http://minio.aibase.svc.cluster.local:9000",
      FILE_STORAGE_S3_FORCE_PATH_STYLE: "true",
      FILE_STORAGE_S3_BUCKET: "aibase",
    });
  });

  it("is what the container gets, variable by variable", () => {
    const given = Object.fromEntries([...environment(stack)].map(([name, { value }]) => [name, value]));
    expect(given).toEqual(stack.contract);
  });

  it("is dumped and restored for a test, and backed up by WAL, into the bucket of its settings", () => {
    expect(namesOf(stack, "batch/v1:CronJob")).toEqual(
      expect.arrayContaining(["dump-daily-aibase", "dump-weekly-aibase", "dump-monthly-aibase", "drill-daily-aibase"]),
    );
    expect(JSON.stringify(stack.one("ObjectStore").inputs)).toContain("s3://platform-backups/");
    for (const { inputs } of stack.all("batch/v1:CronJob"))
      expect(JSON.stringify(inputs.spec)).toContain('"platform-backups"');
  });

  it("is watched by the cluster's Prometheus", () => {
    const rules = JSON.stringify(stack.one("PrometheusRule").inputs);
    for (const alert of ["database-down", "cache-down", "app-down", "dump-old", "restore-drill-old"])
      expect(rules.includes(`"${alert}"`), alert).toBe(true);
    expect(rules.includes("dump-daily-aibase")).toBe(true);
    expect(rules.includes("litestream")).toBe(false);
  });
});

describe("its settings", () => {
  it("may leave Prometheus away", async () => {
    const stack = await makeStackOf({ ...inKubernetes, operators: { prometheus: "none" } });
    expect(stack.all("monitoring.coreos.com")).toEqual([]);
  });

  it("may have the operators installed, before what needs them", async () => {
    const operators = { cloudNativePg: "install", prometheus: "install" };
    const stack = await makeStackOf({ ...inKubernetes, operators });
    expect(stack.all("helm.sh/v3:Release").map(({ name }) => name)).toHaveLength(4);
  });

  it("may name another S3-compatible server", async () => {
    const files = {
      endpoint: "https://s3.example.com",
      bucket: "uploads",
      accessKey: "its-key",
      secretKey: "its-secret",
    };
    const stack = await makeStackOf({ ...inKubernetes, files });
    expect(stack.contract).toMatchObject({
      FILE_STORAGE_S3_ENDPOINT: "https://s3.example.com",
      FILE_STORAGE_S3_ACCESS_KEY: "its-key",
    });
    expect(environment(stack).get("FILE_STORAGE_S3_SECRET_KEY")?.secret).toBe("s3-credentials");
    expect(namesOf(stack, "apps/v1:StatefulSet")).not.toContain("minio");
  });

  it("may have a cluster made for it, with buckets in the same account", async () => {
    const stack = await makeStackOf({ ...smb, database: { host: "kubernetes" }, cluster: { mode: "create" } });
    expect(stack.all("eks/cluster:Cluster")).toHaveLength(1);
    expect(stack.all("rds/instance:Instance")).toEqual([]);
    expect(stack.all("s3/bucket:Bucket").length).toBeGreaterThanOrEqual(2);
  });

  it("may name a database that somebody else runs", async () => {
    const url = "postgresql://platform:a-long-password@db.example.com:6543/app?sslmode=verify-full";
    const stack = await makeStackOf({ ...smb, database: { host: "external", url }, backup: { store } });
    expect(stack.all(CLUSTER)).toEqual([]);
    expect(stack.contract).toMatchObject({
      DB_PG_HOST: "db.example.com",
      DB_PG_PORT: "6543",
      DATABASE_URL: "postgresql://platform:a-long-password@db.example.com:6543/app?sslmode=verify-full",
    });
  });
});
