import { describe, expect, it } from "vitest";
import { UserError } from "../../../../settings/errors";
import { sizeByName } from "../../../../settings/tiers";
import { resolved } from "../../../support/mocks";
import { CLUSTER, cnpgArgs, makeCnpg, SCHEDULED_BACKUP, SECRET, STORE } from "./makeCnpg";

describe("the Cluster", () => {
  it("has three instances that confirm each other's transactions, and lets nobody in as superuser", async () => {
    const { spec } = await makeCnpg();
    expect(spec(CLUSTER)).toMatchObject({
      instances: 3,
      imageName: "ghcr.io/cloudnative-pg/postgresql:16.14-standard-trixie",
      enableSuperuserAccess: false,
      enablePDB: true,
      postgresql: { synchronous: { method: "any", number: 1, dataDurability: "required", failoverQuorum: true } },
    });
  });

  it.each([
    [1, undefined, false],
    [2, { method: "any", number: 1, dataDurability: "preferred" }, true],
    [4, { method: "any", number: 1, dataDurability: "required", failoverQuorum: true }, true],
  ])("with %i instances waits for no more than there are", async (instances, synchronous, enablePDB) => {
    const { spec, database } = await makeCnpg({ instances });
    expect(spec(CLUSTER)).toMatchObject({ instances, enablePDB });
    expect((spec(CLUSTER).postgresql as { synchronous?: unknown }).synchronous).toEqual(synchronous);
    expect(database.endpoint.readerHost === undefined).toBe(instances === 1);
  });

  it("S3-09: begins with UTF-8 and the C collation, in the database and its owner", async () => {
    const { spec } = await makeCnpg();
    expect(spec(CLUSTER).bootstrap).toEqual({
      initdb: {
        database: "aibase",
        owner: "aibase_owner",
        secret: { name: "postgres-role-aibase-owner" },
        encoding: "UTF8",
        localeCollate: "C",
        localeCType: "C",
        dataChecksums: true,
      },
    });
  });

  it("gets the machine of the size, requests equal to limits, and volumes for data and WAL", async () => {
    const { spec } = await makeCnpg({ storageClass: "fast" });
    expect(spec(CLUSTER)).toMatchObject({
      resources: { requests: { cpu: "4", memory: "16Gi" }, limits: { cpu: "4", memory: "16Gi" } },
      storage: { size: "500Gi", storageClass: "fast" },
      walStorage: { size: "50Gi", storageClass: "fast" },
    });
    const small = await makeCnpg({ size: sizeByName("development"), storageGiB: 50, walStorageGiB: 12 });
    expect(small.spec(CLUSTER)).toMatchObject({ storage: { size: "50Gi" }, walStorage: { size: "12Gi" } });
    expect(small.database.facts).toEqual({ vcpus: 2, memoryGiB: 4, storageGiB: 50, maxConnections: 200 });
  });

  it("stands on machines of its own, and asks for different zones without demanding them", async () => {
    const { spec } = await makeCnpg();
    expect(spec(CLUSTER)).toMatchObject({
      affinity: { topologyKey: "kubernetes.io/hostname", podAntiAffinityType: "required" },
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" },
      ],
    });
    const shared = await makeCnpg({ nodeSpread: "preferred" });
    expect(shared.spec(CLUSTER)).toMatchObject({ affinity: { podAntiAffinityType: "preferred" } });
  });

  it("refuses connections that are not encrypted", async () => {
    const { spec, database } = await makeCnpg();
    expect(spec(CLUSTER)).toMatchObject({ postgresql: { pg_hba: ["hostnossl all all all reject"] } });
    expect(database.endpoint.sslmode).toBe("require");
  });

  it("is protected, waited for, and made after the rules of its network", async () => {
    const { find, made, one } = await makeCnpg();
    expect(find("database-cluster").opts).toMatchObject({ protect: true, customTimeouts: { create: "60m" } });
    expect(one(CLUSTER).inputs).toMatchObject({
      metadata: { name: "postgres", annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    });
    const order = made.map(({ name }) => name);
    expect(order.indexOf("database-network")).toBeLessThan(order.indexOf("database-cluster"));
    const open = await makeCnpg({ deletionProtection: false });
    expect(open.find("database-cluster").opts.protect).toBe(false);
  });

  it("takes another image of the version it has, by tag and digest, and no other", async () => {
    const image = `registry.example.com/postgresql:16.15-standard-trixie@sha256:${"a".repeat(64)}`;
    expect((await makeCnpg({ image })).spec(CLUSTER).imageName).toBe(image);
    for (const wrong of [
      "postgresql:17.2",
      "postgresql:latest",
      "postgresql:160",
      `postgresql@sha256:${"a".repeat(64)}`,
    ])
      await expect(makeCnpg({ image: wrong })).rejects.toThrow(UserError);
  });

  it("has the last word of a transform", async () => {
    const transform = {
      cluster: (args: { spec?: unknown }) => ({ ...args, spec: { ...Object(args.spec), logLevel: "debug" } }),
    };
    const { spec } = await makeCnpg({ transform: transform as never });
    expect(spec(CLUSTER)).toMatchObject({ instances: 3, logLevel: "debug" });
  });

  it.each([0, 10, 2.5])("is not made with %f instances", async (instances) => {
    await expect(makeCnpg({ instances })).rejects.toThrow(/database\.instances is/);
  });
});

describe("the endpoint", () => {
  it("is the pooler where there is one, and the readers are reached past it", async () => {
    const { database } = await makeCnpg();
    const { endpoint } = database;
    expect(await resolved(endpoint.host)).toBe("postgres-pooler.aibase.svc.cluster.local");
    expect(await resolved(endpoint.readerHost)).toBe("postgres-ro.aibase.svc.cluster.local");
    expect(await resolved(database.writerAddress)).toBe("postgres-rw.aibase.svc.cluster.local");
    expect(await resolved(endpoint.username)).toBe("aibase");
    expect(endpoint).toMatchObject({ kind: "postgresql", port: 5432, name: "aibase", poolMax: 20 });
  });

  it("is the writer where there is none", async () => {
    const { database, all } = await makeCnpg({ pooler: false, clusterName: "main" });
    expect(await resolved(database.endpoint.host)).toBe("main-rw.aibase.svc.cluster.local");
    expect(database.poolerName).toBeUndefined();
    expect(all("v1:Pooler")).toEqual([]);
  });
});

describe("backups", () => {
  it("go on without a gap to the bucket, compressed, for the days of point-in-time recovery", async () => {
    const { spec } = await makeCnpg({ pitrDays: 14 });
    expect(spec(STORE)).toMatchObject({
      retentionPolicy: "14d",
      configuration: {
        destinationPath: "s3://aibase-backups/postgres",
        endpointURL: "https://s3.example.com:9000",
        s3Credentials: { accessKeyId: { name: "postgres-backup-store", key: "access-key" } },
        wal: { compression: "gzip" },
        data: { compression: "gzip" },
      },
    });
    expect(spec(CLUSTER).plugins).toEqual([
      {
        name: "barman-cloud.cloudnative-pg.io",
        enabled: true,
        isWALArchiver: true,
        parameters: { barmanObjectName: "postgres-backup", serverName: "smb" },
      },
    ]);
  });

  it("are taken whole every day, and at once for the first time", async () => {
    const { spec } = await makeCnpg();
    expect(spec(SCHEDULED_BACKUP)).toEqual({
      schedule: "0 0 3 * * *",
      immediate: true,
      backupOwnerReference: "self",
      cluster: { name: "postgres" },
      method: "plugin",
      pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
    });
  });

  it("use the identity of the pods on AWS, and AWS's own checksums", async () => {
    const { spec, all, database } = await makeCnpg({
      backup: { bucket: "backups", region: "us-east-1", encryption: "aws:kms" },
    });
    const store = spec(STORE) as { configuration: object; instanceSidecarConfiguration: object };
    expect(store.configuration).toMatchObject({
      destinationPath: "s3://backups/postgres",
      s3Credentials: { inheritFromIAMRole: true },
      wal: { encryption: "aws:kms" },
      data: { encryption: "aws:kms" },
    });
    expect(store.configuration).not.toHaveProperty("endpointURL");
    expect(store.instanceSidecarConfiguration).not.toHaveProperty("env");
    expect(all(SECRET).filter(({ inputs }) => inputs.type === "Opaque")).toEqual([]);
    expect(database.serviceAccountName).toBe("postgres");
  });
});

describe("a restore", () => {
  it("begins from another stack's backups at a moment, and archives under its own name", async () => {
    const { spec, all } = await makeCnpg({ restore: { serverName: "old", time: "2026-01-31T12:00:00Z" } });
    expect(spec(CLUSTER).bootstrap).toEqual({
      recovery: {
        source: "source",
        database: "aibase",
        owner: "aibase_owner",
        secret: { name: "postgres-role-aibase-owner" },
        recoveryTarget: { targetTime: "2026-01-31T12:00:00Z" },
      },
    });
    const plugin = {
      name: "barman-cloud.cloudnative-pg.io",
      parameters: { barmanObjectName: "postgres-backup", serverName: "old" },
    };
    expect(spec(CLUSTER).externalClusters).toEqual([{ name: "source", plugin }]);
    expect(spec(CLUSTER).plugins).toMatchObject([{ isWALArchiver: true, parameters: { serverName: "smb" } }]);
    expect(all(STORE)).toHaveLength(1);
  });

  it("may read another bucket, which it leaves as it is", async () => {
    const { credentials, ...backup } = cnpgArgs().backup;
    const { all, spec } = await makeCnpg({
      restore: { serverName: "smb", store: { ...backup, bucket: "other", ...(credentials && { credentials }) } },
    });
    expect(all(STORE).map(({ inputs }) => Object(inputs.metadata).name)).toEqual(
      expect.arrayContaining(["postgres-backup", "postgres-source"]),
    );
    expect(spec(STORE, "source-store")).not.toHaveProperty("retentionPolicy");
    expect(spec(CLUSTER).externalClusters).toMatchObject([
      { plugin: { parameters: { barmanObjectName: "postgres-source" } } },
    ]);
  });

  it("is refused over its own source, and at what is no moment", async () => {
    await expect(makeCnpg({ restore: { serverName: "smb" } })).rejects.toThrow(/archive over them/);
    await expect(makeCnpg({ restore: { serverName: "old", time: "yesterday" } })).rejects.toThrow(
      /database\.restore\.time is yesterday/,
    );
  });

  it("is told with the names of this stack", async () => {
    const { database } = await makeCnpg();
    expect(database.restoreInstructions).toContain("Pulumi.smb.yaml");
    expect(database.restoreInstructions).toContain("scaling-ladder:database.restore.sourceInstance smb");
    expect(database.restoreInstructions).toContain("cnpg.io/cluster=postgres");
  });
});
