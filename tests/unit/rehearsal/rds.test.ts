import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../rehearsal/model";
import { cloudWithGroups, cloudWithInstance, INPUTS, INSTANCE, REPLICA, SUBNETS } from "./databaseCloud";

describe("an instance", () => {
  it("has an endpoint, ARN, resource id and full version as AWS writes them", async () => {
    const { instance } = await cloudWithInstance();
    expect(instance.address).toMatch(/^db\.c[a-z0-9]{11}\.us-east-1\.rds\.amazonaws\.com$/);
    expect(instance).toMatchObject({
      arn: "arn:aws:rds:us-east-1:123456789012:db:db",
      endpoint: `${String(instance.address)}:5432`,
      engineVersion: "16",
      status: "available",
      licenseModel: "postgresql-license",
    });
    expect(instance.engineVersionActual).toMatch(/^16\.\d+$/);
    expect(instance.id).toMatch(/^db-[A-Z0-9]{26}$/);
    expect(instance.resourceId).toBe(instance.id);
    expect(["us-east-1a", "us-east-1b"]).toContain(instance.availabilityZone);
  });

  it("shares its endpoint's middle with every other one of the account and region", async () => {
    const { instance, create } = await cloudWithInstance();
    const other = await create(INSTANCE, { ...INPUTS, identifier: "other" });
    expect(String(other.address).split(".")[1]).toBe(String(instance.address).split(".")[1]);
  });

  it.each([
    ["engine", { engine: "mysql" }],
    ["storageEncrypted", { storageEncrypted: false }],
    ["kmsKeyId", { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1" }],
    ["username", { username: "somebody" }],
    ["availabilityZone", { availabilityZone: "us-east-1c" }],
    ["dbName", { dbName: "other" }],
    ["snapshotIdentifier", { snapshotIdentifier: "snap" }],
    ["restoreToPointInTime", { restoreToPointInTime: { sourceDbInstanceIdentifier: "x" } }],
    ["characterSetName", { characterSetName: "UTF8" }],
    ["timezone", { timezone: "UTC" }],
  ])("is replaced by another %s", async (name, change) => {
    const { replaces, id } = await cloudWithInstance();
    expect(replaces(INSTANCE, id, change).map((path) => path.split(".")[0])).toEqual([name]);
  });

  it.each([
    ["identifier", { identifier: "renamed" }],
    ["subnet group", { dbSubnetGroupName: "other" }],
    ["class", { instanceClass: "db.m7g.xlarge" }],
    ["version", { engineVersion: "17" }],
    ["storage", { allocatedStorage: 200 }],
    ["password", { password: "another-long-one" }],
    ["standby", { multiAz: true }],
    ["source", { replicateSourceDb: "x" }],
    ["parameter group", { parameterGroupName: "pg15" }],
  ])("is not replaced by another %s", async (_what, change) => {
    const { replaces, id } = await cloudWithInstance();
    expect(replaces(INSTANCE, id, change)).toEqual([]);
  });

  it("is renamed in place, with another address", async () => {
    const { change, instance } = await cloudWithInstance();
    const renamed = await change({ identifier: "renamed" });
    expect(renamed.address).toMatch(/^renamed\./);
    expect(renamed.resourceId).toBe(instance.resourceId);
  });

  it("grows, gets another class and stays in its zone", async () => {
    const { change, instance } = await cloudWithInstance();
    expect(await change({ instanceClass: "db.m7g.2xlarge", allocatedStorage: 200 })).toMatchObject({
      instanceClass: "db.m7g.2xlarge",
      allocatedStorage: 200,
      availabilityZone: instance.availabilityZone,
      address: instance.address,
    });
  });

  it.each([
    [/never shrinks/, { allocatedStorage: 50 }],
    [/Cannot upgrade postgres from 16 to 15/, { engineVersion: "15", parameterGroupName: "pg15" }],
    [/AllowMajorVersionUpgrade/, { engineVersion: "17", parameterGroupName: UNKNOWN }],
    [/same VPC/, { dbSubnetGroupName: "data2" }],
    [/cannot be turned into a replica/, { replicateSourceDb: "other" }],
    [/cannot be used with engine postgres version 16/, { parameterGroupName: "pg15" }],
  ])("refuses a change: %s", async (message, change) => {
    const { change: update, create, a, b } = await cloudWithInstance();
    await create(SUBNETS, { name: "data2", subnetIds: [a, b] });
    await create(INSTANCE, { ...INPUTS, identifier: "other" });
    await expect(update(change)).rejects.toThrow(message);
  });

  it("is raised to the next major version with its parameter group, when that is allowed", async () => {
    const { create, update } = await cloudWithGroups();
    const inputs = { ...INPUTS, engineVersion: "15", parameterGroupName: "pg15" };
    const { id } = await create(INSTANCE, inputs);
    const raised = { ...inputs, engineVersion: "16", parameterGroupName: "pg16", allowMajorVersionUpgrade: true };
    expect(await update(INSTANCE, String(id), raised)).toMatchObject({ engineVersion: "16" });
  });

  it.each([
    [/reserved word/, { username: "admin" }],
    [/DBName must begin with a letter/, { dbName: "4g3n7db" }],
    [/printable ASCII characters besides/, { password: "with@sign-in-it" }],
    [/8 to 128/, { password: "short" }],
    [/Invalid DB Instance class/, { instanceClass: "db.m7g.huge" }],
    [/Cannot find version 16.4/, { engineVersion: "16.4" }],
    [/Cannot find version 12/, { engineVersion: "12" }],
    [/must not overlap/, { backupWindow: "03:00-04:00", maintenanceWindow: "sun:03:30-sun:04:30" }],
    [/at least 10 %/, { maxAllocatedStorage: 105 }],
    [/below 400 GiB/, { iops: 12_000 }],
    [/20 to 65536/, { allocatedStorage: 10, maxAllocatedStorage: 20 }],
    [/MonitoringRoleARN/, { monitoringInterval: 60 }],
    [/0, 1, 5, 10/, { monitoringInterval: 7 }],
    [/conflicts with manageMasterUserPassword/, { manageMasterUserPassword: true }],
    [/conflicts with finalSnapshotIdentifier/, { skipFinalSnapshot: true }],
    [/Multi-AZ/, { multiAz: true, availabilityZone: "us-east-1a" }],
    [/465 or more/, { performanceInsightsEnabled: true, databaseInsightsMode: "advanced" }],
    [/must be true/, { performanceInsightsRetentionPeriod: 7 }],
    [/username: is required/, { username: undefined }],
    [/password: is required/, { password: undefined }],
    [/identifier: must match/, { identifier: "-db" }],
  ])("is refused: %s", async (message, wrong) => {
    const { create } = await cloudWithGroups();
    await expect(create(INSTANCE, { ...INPUTS, ...wrong })).rejects.toThrow(message);
  });

  it.each([
    ["dbSubnetGroupName", "none"],
    ["parameterGroupName", "none"],
    ["kmsKeyId", "arn:aws:kms:us-east-1:123456789012:key/none"],
    ["vpcSecurityGroupIds", ["sg-0123456789abcdef0"]],
  ])("is refused with a %s that is not there", async (name, value) => {
    const { create } = await cloudWithGroups();
    await expect(create(INSTANCE, { ...INPUTS, [name]: value })).rejects.toThrow(/there is no/);
  });

  it("needs no user and no size when it begins from a snapshot", async () => {
    const { create } = await cloudWithGroups();
    const { username: _, password: __, allocatedStorage: ___, ...rest } = INPUTS;
    await expect(create(INSTANCE, { ...rest, snapshotIdentifier: "old" })).resolves.toBeDefined();
  });

  it("takes a monitoring role once its permissions are there", async () => {
    const { create } = await cloudWithGroups();
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "monitoring.rds.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    const role = await create("aws:iam/role:Role", { name: "monitoring", assumeRolePolicy: trust });
    const inputs = { ...INPUTS, monitoringInterval: 60, monitoringRoleArn: role.arn };
    await expect(create(INSTANCE, inputs)).rejects.toThrow(/ENHANCED_MONITORING/);
    await create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
      role: "monitoring",
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    await expect(create(INSTANCE, inputs)).resolves.toBeDefined();
  });

  it("cannot be made twice under one identifier", async () => {
    const { create } = await cloudWithInstance();
    await expect(create(INSTANCE, { ...INPUTS, identifier: "DB" })).rejects.toThrow(/already exists/);
  });

  it("leaves what is not known yet alone", async () => {
    const { check } = await cloudWithGroups();
    const unknown = Object.fromEntries(
      ["password", "kmsKeyId", "dbSubnetGroupName", "parameterGroupName", "replicateSourceDb"].map((name) => [
        name,
        UNKNOWN,
      ]),
    );
    expect(check(INSTANCE, { ...REPLICA, ...unknown })).toEqual([]);
  });
});

describe("deleting an instance", () => {
  it("is refused while it is protected", async () => {
    const { remove, id, change } = await cloudWithInstance({ deletionProtection: true });
    await expect(remove(INSTANCE, id)).rejects.toThrow(/disable deletion protection/);
    await change({ deletionProtection: false });
    await expect(remove(INSTANCE, id)).resolves.toBeUndefined();
  });

  it("is refused without a name for the final snapshot", async () => {
    const { remove, id } = await cloudWithInstance({ finalSnapshotIdentifier: undefined });
    await expect(remove(INSTANCE, id)).rejects.toThrow(/finalSnapshotIdentifier is required/);
  });

  it("is refused for a replica that should leave a snapshot", async () => {
    const { remove, create } = await cloudWithInstance();
    const { skipFinalSnapshot: _, ...replica } = REPLICA;
    const { id } = await create(INSTANCE, { ...replica, finalSnapshotIdentifier: "replica-final" });
    await expect(remove(INSTANCE, String(id))).rejects.toThrow(/can not be specified/);
  });
});

describe("a replica", () => {
  it("has engine, version, user, key, storage and subnets of its source", async () => {
    const { create, instance } = await cloudWithInstance();
    const replica = await create(INSTANCE, REPLICA);
    for (const name of ["engine", "engineVersion", "username", "allocatedStorage", "dbSubnetGroupName", "port"])
      expect(replica[name]).toBe(instance[name]);
  });

  it.each([
    [/DBInstanceNotFound/, { replicateSourceDb: "nobody" }],
    [/conflicts with replicateSourceDb/, { username: "somebody" }],
    [/the next run replaces it/, { storageEncrypted: undefined }],
    [/conflicts with manageMasterUserPassword/, { manageMasterUserPassword: true }],
  ])("is refused: %s", async (message, wrong) => {
    const { create } = await cloudWithInstance();
    await expect(create(INSTANCE, { ...REPLICA, ...wrong })).rejects.toThrow(message);
  });

  it("is refused of a source without automated backups", async () => {
    const { create } = await cloudWithInstance({ backupRetentionPeriod: 0 });
    await expect(create(INSTANCE, REPLICA)).rejects.toThrow(/automated backups are not enabled/);
  });

  it("is promoted when its source is taken away, and cannot get another one", async () => {
    const { create, update } = await cloudWithInstance();
    await create(INSTANCE, { ...INPUTS, identifier: "other" });
    const { id } = await create(INSTANCE, REPLICA);
    await expect(update(INSTANCE, String(id), { ...REPLICA, replicateSourceDb: "other" })).rejects.toThrow(
      /cannot elect new source/,
    );
  });
});
