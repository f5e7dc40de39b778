import { describe, expect, it } from "vitest";
import { makeDatabase, PROD } from "./makeDatabase";

const PRIMARY = "database-primary";

describe("the primary", () => {
  it("has every safe default that the issue names", async () => {
    const { inputs } = await makeDatabase();
    expect(inputs(PRIMARY)).toMatchObject({
      identifier: "aibase-test-database",
      engine: "postgres",
      instanceClass: "db.m7g.2xlarge",
      allocatedStorage: 1024,
      maxAllocatedStorage: 4096,
      storageType: "gp3",
      storageEncrypted: true,
      multiAz: true,
      publiclyAccessible: false,
      iamDatabaseAuthenticationEnabled: true,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      backupWindow: "03:00-04:00",
      maintenanceWindow: "sun:05:00-sun:06:00",
      monitoringInterval: 60,
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      databaseInsightsMode: "standard",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    });
  });

  it("C-07: is PostgreSQL 16, told by the major version only, so that AWS's minor upgrades make no difference", async () => {
    const { inputs, one } = await makeDatabase();
    expect(inputs(PRIMARY).engineVersion).toBe("16");
    expect(inputs("database-parameters").family).toBe("postgres16");
    expect(one(":Instance", PRIMARY).outputs.engineVersionActual).toMatch(/^16\.\d+$/);
  });

  it("C-07: can be PostgreSQL 15", async () => {
    const { inputs } = await makeDatabase({ version: 15 });
    expect(inputs(PRIMARY).engineVersion).toBe("15");
    expect(inputs("database-parameters")).toMatchObject({
      family: "postgres15",
      namePrefix: "aibase-test-postgres15-",
    });
  });

  it("C-09: has a master user that RDS takes, and no initial database", async () => {
    const { inputs } = await makeDatabase({ databaseName: "4g3n7db" });
    expect(inputs(PRIMARY).username).toBe("platform_master");
    expect(inputs(PRIMARY).dbName).toBeUndefined();
  });

  it("is encrypted with the database's own key, which logs may use too", async () => {
    const { inputs, one } = await makeDatabase();
    const { outputs } = one("key:Key", "database-key-key");
    expect(inputs(PRIMARY)).toMatchObject({ kmsKeyId: outputs.arn, performanceInsightsKmsKeyId: outputs.arn });
    expect(String(one("key:Key", "database-key-key").inputs.policy)).toContain("logs.us-east-1.amazonaws.com");
  });

  it.each([true, false])("is protected by the engine and by AWS as it is told: %s", async (deletionProtection) => {
    const { inputs, find } = await makeDatabase({ deletionProtection });
    for (const name of [PRIMARY, "database-replica-1", "database-replica-2"]) {
      expect(find(name).opts.protect).toBe(deletionProtection);
      expect(inputs(name).deletionProtection).toBe(deletionProtection);
    }
    for (const name of ["database-master-secret", "database-app-secret", "database-key-key"])
      expect(find(name).opts.protect).toBe(deletionProtection);
  });

  it("leaves a snapshot of a stable name and its automated backups when it is deleted", async () => {
    const { inputs } = await makeDatabase();
    expect(inputs(PRIMARY)).toMatchObject({
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "aibase-test-database-final",
      deleteAutomatedBackups: false,
    });
  });

  it.each([
    [{ instanceClass: "db.r7g.large" }, { instanceClass: "db.r7g.large" }],
    [
      { storageGiB: 100, maxStorageGiB: 400 },
      { allocatedStorage: 100, maxAllocatedStorage: 400 },
    ],
    [{ multiAz: false }, { multiAz: false }],
    [{ pitrDays: 7 }, { backupRetentionPeriod: 7 }],
    [{ maintenanceWindow: "tue:22:00-tue:23:00" }, { maintenanceWindow: "tue:22:00-tue:23:00" }],
  ])("is made as %j asks", async (asked, got) => {
    const { inputs } = await makeDatabase(asked);
    expect(inputs(PRIMARY)).toMatchObject(got);
  });

  it("S0-33: can go back 35 days at enterprise", async () => {
    const { inputs } = await makeDatabase();
    expect(inputs(PRIMARY).backupRetentionPeriod).toBe(35);
  });

  it("waits for its log groups and the permissions of its monitoring, so that RDS makes neither", async () => {
    const { order } = await makeDatabase();
    const place = (name: string) => order.indexOf(name);
    for (const name of ["database-primary-postgresql", "database-primary-upgrade", "database-monitoring-permissions"]) {
      expect(place(name)).toBeGreaterThanOrEqual(0);
      expect(place(name)).toBeLessThan(place(PRIMARY));
    }
  });

  it("keeps what counts at its birth only, so that a restore setting or a rotation never replaces it", async () => {
    const { find } = await makeDatabase();
    expect(find(PRIMARY).opts.ignoreChanges).toEqual([
      "snapshotIdentifier",
      "restoreToPointInTime",
      "kmsKeyId",
      "username",
      "password",
    ]);
  });

  it("begins from a snapshot", async () => {
    const { inputs } = await makeDatabase({ restore: { snapshot: "aibase-old-database-final" } });
    expect(inputs(PRIMARY).snapshotIdentifier).toBe("aibase-old-database-final");
  });

  it("begins from a moment of another instance", async () => {
    const { inputs } = await makeDatabase({ restore: { sourceInstance: "aibase-old-database" } });
    expect(inputs(PRIMARY).restoreToPointInTime).toEqual({
      sourceDbInstanceIdentifier: "aibase-old-database",
      useLatestRestorableTime: true,
    });
  });

  it("has the last word of the user", async () => {
    const { inputs } = await makeDatabase({ transform: { primary: (args) => ({ ...args, iops: 14_000 }) } });
    expect(inputs(PRIMARY).iops).toBe(14_000);
    expect(inputs("database-replica-1").iops).toBeUndefined();
  });
});

describe("the replicas", () => {
  it.each([0, 1, 5])("are as many as asked for: %i", async (replicas) => {
    const { all, database } = await makeDatabase({ replicas });
    expect(all("rds/instance:Instance")).toHaveLength(replicas + 1);
    expect(database.replicaIdentifiers).toHaveLength(replicas);
    expect(database.readerHosts.map(({ key }) => key)).toEqual(
      Array.from({ length: replicas }, (_, index) => `replica-${index + 1}`),
    );
  });

  it("S4-14: are two beside one primary, each in another zone", async () => {
    const { one, database } = await makeDatabase({}, PROD);
    const zones = [PRIMARY, "database-replica-1", "database-replica-2"].map(
      (name) => one(":Instance", name).outputs.availabilityZone,
    );
    expect(database.replicaIdentifiers).toEqual(["aibase-test-database-replica-1", "aibase-test-database-replica-2"]);
    expect(new Set(zones).size).toBe(3);
  });

  it("stay in their zone when the primary moves", async () => {
    const { find } = await makeDatabase();
    expect(find("database-replica-1").opts.ignoreChanges).toEqual(["availabilityZone"]);
  });

  it("are placed by AWS where no zones are told", async () => {
    const { inputs } = await makeDatabase({ zones: undefined });
    expect(inputs("database-replica-1").availabilityZone).toBeUndefined();
  });

  it("follow the primary, share its parameters and class, and grow as it does", async () => {
    const { inputs, one } = await makeDatabase();
    const replica = inputs("database-replica-2");
    expect(replica).toMatchObject({
      replicateSourceDb: "aibase-test-database",
      instanceClass: "db.m7g.2xlarge",
      parameterGroupName: one(":ParameterGroup").outputs.name,
      maxAllocatedStorage: 4096,
      storageEncrypted: true,
      multiAz: false,
    });
    for (const inherited of ["engine", "engineVersion", "username", "password", "kmsKeyId", "dbSubnetGroupName"])
      expect(replica[inherited]).toBeUndefined();
  });

  it("leave no final snapshot, which AWS would refuse", async () => {
    const { inputs } = await makeDatabase();
    expect(inputs("database-replica-1").skipFinalSnapshot).toBe(true);
    expect(inputs("database-replica-1").finalSnapshotIdentifier).toBeUndefined();
  });
});

describe("the parameter group", () => {
  const values = (parameters: unknown): Record<string, string> =>
    Object.fromEntries((parameters as { name: string; value: string }[]).map(({ name, value }) => [name, value]));

  it("holds the documented values at every size", async () => {
    const { inputs } = await makeDatabase({ tuning: "documented" });
    expect(values(inputs("database-parameters").parameters)).toMatchObject({
      max_connections: "200",
      shared_buffers: "32768",
      max_slot_wal_keep_size: "104857",
    });
  });

  it("is scaled to the class that is used, not to the size that another one was asked for", async () => {
    const { inputs } = await makeDatabase({ tuning: "scaled", instanceClass: "db.r7g.xlarge" });
    expect(values(inputs("database-parameters").parameters)).toMatchObject({
      shared_buffers: String((8 * 1024 * 1024) / 8),
      max_parallel_workers: "4",
    });
  });

  it("can be changed by the user", async () => {
    const { inputs } = await makeDatabase({
      transform: { parameterGroup: (args) => ({ ...args, description: "ours" }) },
    });
    expect(inputs("database-parameters").description).toBe("ours");
  });
});
