import { describe, expect, it } from "vitest";
import { isSecret, makeDatabase, resolved, SMB, statements } from "./makeDatabase";

const PRIMARY = "database-primary";

describe("what is around the instances", () => {
  it("has encrypted log groups of AWS's own names, kept for a year", async () => {
    const { all, database, one } = await makeDatabase();
    const groups = all("logGroup:LogGroup").filter(({ inputs }) =>
      String(inputs.name).startsWith("/aws/rds/instance/"),
    );
    expect(groups.map(({ inputs }) => inputs.name).sort()).toEqual([...database.logGroupNames].sort());
    expect(database.logGroupNames.slice(0, 2)).toEqual([
      "/aws/rds/instance/aibase-test-database/postgresql",
      "/aws/rds/instance/aibase-test-database/upgrade",
    ]);
    for (const { inputs } of groups)
      expect(inputs).toMatchObject({
        kmsKeyId: one("key:Key", "database-key-key").outputs.arn,
        retentionInDays: 365,
      });
    expect(database.logGroups).toHaveLength(6);
  });

  it("lets enhanced monitoring act for these instances of this account only", async () => {
    const { inputs } = await makeDatabase({ replicas: 1 });
    expect(statements(inputs("database-monitoring-role").assumeRolePolicy)[0]).toMatchObject({
      Principal: { Service: "monitoring.rds.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        StringLike: {
          "aws:SourceArn": [
            "arn:aws:rds:us-east-1:123456789012:db:aibase-test-database",
            "arn:aws:rds:us-east-1:123456789012:db:aibase-test-database-replica-1",
          ],
        },
      },
    });
    expect(inputs("database-monitoring-permissions").policyArn).toBe(
      "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    );
  });

  it("S0-34: copies backups into the second region, under a key of that region, for as many days", async () => {
    const { inputs, one, find } = await makeDatabase({ pitrDays: 20 });
    const key = one("key:Key", "database-copies-key-key");
    expect(key.inputs.region).toBe("us-west-2");
    expect(find("database-copies-key-key").opts.protect).toBe(true);
    expect(inputs("database-copies")).toMatchObject({
      region: "us-west-2",
      retentionPeriod: 20,
      kmsKeyId: key.outputs.arn,
      sourceDbInstanceArn: "arn:aws:rds:us-east-1:123456789012:db:aibase-test-database",
    });
  });

  it("copies nothing where there is no second region", async () => {
    const { all } = await makeDatabase({}, SMB);
    expect(all("InstanceAutomatedBackupsReplication")).toEqual([]);
    expect(all("key:Key")).toHaveLength(1);
  });

  it("tells how to restore, where the writer is, and what the machine has", async () => {
    const { database, one } = await makeDatabase({ instanceClass: "db.r7g.large" });
    expect(database.restoreInstructions).toContain("aibase-test-database-final");
    expect(await resolved(database.writerAddress)).toBe(one(":Instance", PRIMARY).outputs.address);
    expect(await resolved(database.primaryArn)).toBe(one(":Instance", PRIMARY).outputs.arn);
    expect(database.primaryIdentifier).toBe("aibase-test-database");
    expect([database.instanceClass, database.machine, database.maxConnections]).toEqual([
      "db.r7g.large",
      { vcpus: 2, memoryGiB: 16 },
      200,
    ]);
  });

  it("puts every resource below the component", async () => {
    const { recorded } = await makeDatabase();
    const own = recorded.filter(({ name }) => name !== "database");
    expect(own.length).toBeGreaterThan(35);
    expect(own.filter(({ opts }) => opts.parent === undefined).map(({ name }) => name)).toEqual([]);
  });

  it.each([
    [{ maxStorageGiB: 1100 }, /1127 or more/],
    [{ replicas: 6 }, /0 to 5/],
    [{ replicas: 1.5 }, /0 to 5/],
    [{ subnetIds: ["subnet-1"] }, /two zones/],
    [{ poolerSubnetIds: [] }, /two zones/],
  ])("refuses %j", async (wrong, message) => {
    await expect(makeDatabase(wrong)).rejects.toThrow(message);
  });

  it("keeps the password a secret", async () => {
    const { asked } = await makeDatabase();
    expect(await isSecret(asked.get(PRIMARY)?.password)).toBe(true);
  });
});
