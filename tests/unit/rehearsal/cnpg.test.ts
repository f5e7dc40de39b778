import { beforeEach, describe, expect, it } from "vitest";
import { type BackupStore, objectStoreSpec, scheduledBackupSpec } from "../../../components/database/cnpg/backupStore";
import { type ClusterParts, clusterSpec, databaseSpec } from "../../../components/database/cnpg/clusterSpec";
import { objectName } from "../../../components/database/cnpg/names";
import { poolerSpec } from "../../../components/database/cnpg/poolerSpec";
import { kubernetes } from "../../../rehearsal/kubernetes";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const POOLER = "kubernetes:postgresql.cnpg.io/v1:Pooler";
const BACKUP = "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup";
const DATABASE = "kubernetes:postgresql.cnpg.io/v1:Database";
const STORE = "kubernetes:barmancloud.cnpg.io/v1:ObjectStore";
const SECRET = "kubernetes:core/v1:Secret";

const API_VERSIONS: Readonly<Record<string, string>> = { [STORE]: "barmancloud.cnpg.io/v1" };
const object = (type: string, name: string, spec: unknown): Values => ({
  apiVersion: API_VERSIONS[type] ?? "postgresql.cnpg.io/v1",
  kind: type.split(":")[2],
  metadata: { name, namespace: "n" },
  spec,
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const role = (name: string) => ({ role: name, secretName: objectName(name) });

const PARTS: ClusterParts = {
  name: "postgres",
  image: "postgresql:16.14-standard-trixie",
  instances: 3,
  tuning: "documented",
  machine: { vcpus: 2, memoryGiB: 4 },
  storageGiB: 50,
  walStorageGiB: 10,
  nodeSpread: "required",
  database: "aibase",
  owner: role("aibase"),
  roles: [
    { ...role("circle"), comment: "Owns database circle", connectionLimit: 5 },
    { ...role("platform_dump"), comment: "Dumps", bypassRowLevelSecurity: true, inRoles: ["pg_read_all_data"] },
  ],
  queriesName: "queries",
  archive: { storeName: "store", serverName: "smb" },
};
const BUCKET: BackupStore = {
  bucket: "backups",
  path: "postgres",
  region: "eu-central-1",
  credentials: { accessKey: "a", secretKey: "b" },
};
const storeSpec = (more: Partial<Parameters<typeof objectStoreSpec>[0]> = {}, path: string = "s3://backups/postgres") =>
  objectStoreSpec({ store: BUCKET, secretName: "keys", retentionDays: 7, ...more }, path);

let cloud: ReturnType<typeof oneCloud>;

beforeEach(async () => {
  cloud = oneCloud([...kubernetes.resources.values()]);
  await cloud.create("kubernetes:core/v1:Namespace", { metadata: { name: "n" } });
  for (const username of ["aibase", "circle", "platform_dump"])
    await cloud.create(SECRET, {
      metadata: { name: objectName(username), namespace: "n" },
      type: "kubernetes.io/basic-auth",
      data: { username: base64(username), password: base64("x") },
    });
  await cloud.create(SECRET, { metadata: { name: "keys", namespace: "n" }, data: { "access-key": base64("a") } });
  await cloud.create("kubernetes:core/v1:ConfigMap", { metadata: { name: "queries", namespace: "n" }, data: {} });
  await cloud.create(STORE, object(STORE, "store", storeSpec()));
});

/** Refusals of a cluster that differs from the right one in some of its specification. */
const refused = (more: Values, name = "postgres"): string =>
  cloud.check(CLUSTER, object(CLUSTER, name, { ...clusterSpec(PARTS), ...more })).join("\n");
const postgresql = (more: Values): string => refused({ postgresql: { ...clusterSpec(PARTS).postgresql, ...more } });

describe("a Cluster", () => {
  it("is made as the component asks for it, and is ready", async () => {
    expect(refused({})).toBe("");
    expect(await cloud.create(CLUSTER, object(CLUSTER, "postgres", clusterSpec(PARTS)))).toMatchObject({
      id: "n/postgres",
      status: { readyInstances: 3, writeService: "postgres-rw", conditions: [{ type: "Ready", status: "True" }] },
    });
  });

  it("has no opinion about what is not known yet", () => {
    for (const type of [CLUSTER, POOLER, BACKUP, DATABASE, STORE])
      expect([type, cloud.check(type, { ...object(type, "x", UNKNOWN), metadata: UNKNOWN })]).toEqual([type, []]);
    expect(
      refused({ instances: UNKNOWN, storage: UNKNOWN, managed: UNKNOWN, bootstrap: UNKNOWN, imageName: UNKNOWN }),
    ).toBe("");
  });

  it.each<[string, Values, RegExp]>([
    ["no instance", { instances: 0 }, /spec\.instances/],
    ["an image without a version", { imageName: "postgresql:latest" }, /spec\.imageName/],
    ["an image by digest alone", { imageName: `postgresql@sha256:${"a".repeat(64)}` }, /spec\.imageName/],
    ["an old version", { imageName: "postgresql:12.1" }, /13 or newer/],
    ["no storage", { storage: {} }, /spec\.storage\.size/],
    ["storage that is no quantity", { storage: { size: "much" } }, /spec\.storage\.size/],
    ["a WAL volume without a size", { walStorage: {} }, /spec\.walStorage\.size/],
    ["two ways to begin", { bootstrap: { initdb: {}, recovery: {} } }, /Only one bootstrap method/],
    ["a database without an owner", { bootstrap: { initdb: { database: "a" } } }, /belong together/],
    ["a source that is not named", { bootstrap: { recovery: { source: "gone" } } }, /External cluster gone not found/],
    [
      "an owner without a secret",
      { bootstrap: { initdb: { database: "a", owner: "a", secret: { name: "gone" } } } },
      /there is no/,
    ],
    [
      "a secret of another form",
      { bootstrap: { initdb: { database: "a", owner: "a", secret: { name: "keys" } } } },
      /basic-auth/,
    ],
    ["a role twice", { managed: { roles: [{ name: "a" }, { name: "a" }] } }, /duplicate/],
    ["a role of the operator", { managed: { roles: [{ name: "cnpg_x" }] } }, /reserved/],
    ["a role of PostgreSQL", { managed: { roles: [{ name: "postgres" }] } }, /reserved/],
    [
      "a store that is not there",
      { plugins: [{ name: "p", parameters: { barmanObjectName: "gone" } }] },
      /there is no/,
    ],
    [
      "two archivers",
      {
        plugins: [
          { name: "p", isWALArchiver: true },
          { name: "q", isWALArchiver: true },
        ],
      },
      /more than one WAL archiver/,
    ],
    [
      "queries that are not there",
      { monitoring: { customQueriesConfigMap: [{ name: "gone", key: "k" }] } },
      /there is no/,
    ],
    ["a wrong spread", { affinity: { podAntiAffinityType: "maybe" } }, /required or preferred/],
    [
      "a limit below its request",
      { resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } },
      /greater than the limit/,
    ],
    [
      "less memory than buffers",
      { resources: { requests: { memory: "100Mi" } } },
      /lower than PostgreSQL `shared_buffers`/,
    ],
  ])("refuses %s", (_what, more, reason) => {
    expect(refused(more)).toMatch(reason);
  });

  it.each<[string, Values, RegExp]>([
    ["a parameter of the operator", { parameters: { archive_command: "true" } }, /fixed configuration parameter/],
    ["a parameter that is a number", { parameters: { work_mem: 4096 } }, /must be text/],
    ["a name with a line in it", { parameters: { "a\nb": "1" } }, /no name of a parameter/],
    ["buffers in pages, which it takes for megabytes", { parameters: { shared_buffers: "32768" } }, /shared_buffers/],
    ["buffers in a unit that is none", { parameters: { shared_buffers: "1Gi" } }, /Invalid value 1Gi/],
    ["as many confirmations as instances", { synchronous: { method: "any", number: 3 } }, /less than the total/],
    ["no confirmation", { synchronous: { method: "any", number: 0 } }, /greater than zero/],
    ["another method", { synchronous: { method: "some", number: 1 } }, /any or first/],
  ])("refuses %s", (_what, more, reason) => {
    expect(postgresql(more)).toMatch(reason);
  });

  it("has a name that services can begin with", () => {
    for (const name of ["4g3n7db", "a.b", "a".repeat(51)]) expect(refused({}, name)).toContain("metadata.name");
  });

  it("grows and gets younger, and never the other way", async () => {
    const made = object(CLUSTER, "postgres", clusterSpec(PARTS));
    const { id } = await cloud.create(CLUSTER, made);
    const update = (parts: Partial<ClusterParts>) =>
      cloud.update(CLUSTER, id, object(CLUSTER, "postgres", clusterSpec({ ...PARTS, ...parts })));
    await expect(update({ storageGiB: 49 })).rejects.toThrow(/can't shrink/);
    await expect(update({ walStorageGiB: 9 })).rejects.toThrow(/can't shrink/);
    await expect(update({ image: "postgresql:15.18" })).rejects.toThrow(/can't downgrade from major 16 to 15/);
    const { walStorage: _gone, ...without } = clusterSpec(PARTS);
    await expect(cloud.update(CLUSTER, id, object(CLUSTER, "postgres", without))).rejects.toThrow(/cannot be disabled/);
    await update({ storageGiB: 60, walStorageGiB: 12, image: "postgresql:17.6" });
    expect(cloud.replaces(CLUSTER, made, { spec: clusterSpec({ ...PARTS, instances: 5 }) })).toEqual([]);
  });
});

describe("what belongs to a Cluster", () => {
  beforeEach(() => cloud.create(CLUSTER, object(CLUSTER, "postgres", clusterSpec(PARTS))));

  const pooler = {
    name: "p",
    cluster: "postgres",
    image: "pgbouncer:1",
    maxConnections: 200,
    databases: 1,
    poolMax: 20,
  };

  it.each<[string, string, unknown, RegExp | ""]>([
    ["a Pooler as it is", POOLER, poolerSpec(pooler), ""],
    ["a Pooler of no cluster", POOLER, poolerSpec({ ...pooler, cluster: "gone" }), /there is no/],
    ["a Pooler without PgBouncer", POOLER, { cluster: { name: "postgres" } }, /required pgbouncer/],
    [
      "a Pooler by statement",
      POOLER,
      { cluster: { name: "postgres" }, pgbouncer: { poolMode: "statement" } },
      /poolMode/,
    ],
    ["a Pooler of another type", POOLER, { ...poolerSpec(pooler), type: "w" }, /spec\.type/],
    [
      "a Pooler with the operator's own parameter",
      POOLER,
      { ...poolerSpec(pooler), pgbouncer: { parameters: { listen_port: "1" } } },
      /listen_port/,
    ],
    ["a ScheduledBackup as it is", BACKUP, scheduledBackupSpec("postgres"), ""],
    ["a schedule of five fields", BACKUP, { ...scheduledBackupSpec("postgres"), schedule: "0 3 * * *" }, /six fields/],
    [
      "a schedule of the 25th hour",
      BACKUP,
      { ...scheduledBackupSpec("postgres"), schedule: "0 0 25 * * *" },
      /six fields/,
    ],
    [
      "a backup by a plugin that is not there",
      BACKUP,
      { ...scheduledBackupSpec("postgres"), pluginConfiguration: { name: "x" } },
      /no plugin x/,
    ],
    ["a backup of no cluster", BACKUP, scheduledBackupSpec("gone"), /there is no/],
    ["a Database as it is", DATABASE, databaseSpec("postgres", "circle", "circle"), ""],
    [
      "a Database of a role that nobody made",
      DATABASE,
      databaseSpec("postgres", "ai_company", "ai_company"),
      /role "ai_company" does not exist/,
    ],
    [
      "a Database of PostgreSQL itself",
      DATABASE,
      { ...databaseSpec("postgres", "circle", "circle"), name: "template1" },
      /reserved/,
    ],
    [
      "a Database without an owner",
      DATABASE,
      { cluster: { name: "postgres" }, name: "circle" },
      /spec\.owner: Required/,
    ],
    ["an ObjectStore as it is", STORE, storeSpec(), ""],
    ["an ObjectStore by identity", STORE, storeSpec({ secretName: undefined }), ""],
    ["an ObjectStore that is no bucket", STORE, storeSpec({}, "/backups"), /destinationPath/],
    ["an ObjectStore without its Secret", STORE, storeSpec({ secretName: "gone" }), /there is no/],
    ["an ObjectStore that keeps nothing", STORE, storeSpec({ retentionDays: 0 }), /retentionPolicy/],
    [
      "an ObjectStore without credentials",
      STORE,
      { configuration: { destinationPath: "s3://b/p" } },
      /either both keys/,
    ],
  ])("%s", (_what, type, spec, reason) => {
    const told = cloud.check(type, object(type, "p", spec)).join("\n");
    if (reason === "") expect(told).toBe("");
    else expect(told).toMatch(reason);
  });

  it("a Pooler has another name than its cluster", () => {
    expect(cloud.check(POOLER, object(POOLER, "postgres", poolerSpec(pooler))).join()).toContain(
      "same name of a cluster",
    );
  });

  it("none moves to another cluster, and a Database keeps its name", async () => {
    const { id } = await cloud.create(DATABASE, object(DATABASE, "d", databaseSpec("postgres", "circle", "circle")));
    const change = (more: Values) =>
      cloud.update(DATABASE, id, object(DATABASE, "d", { ...databaseSpec("postgres", "circle", "circle"), ...more }));
    await expect(change({ name: "aibase" })).rejects.toThrow(/spec\.name is immutable|immutable after creation/);
    await expect(change({ localeCollate: "de_DE" })).rejects.toThrow(/immutable/);
    await change({ owner: "aibase" });
    const made = await cloud.create(POOLER, object(POOLER, "p", poolerSpec(pooler)));
    await cloud.create(CLUSTER, object(CLUSTER, "second", clusterSpec({ ...PARTS, name: "second" })));
    await expect(
      cloud.update(POOLER, made.id, object(POOLER, "p", poolerSpec({ ...pooler, cluster: "second" }))),
    ).rejects.toThrow(/immutable/);
  });
});
