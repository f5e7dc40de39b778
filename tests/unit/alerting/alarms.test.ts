import { describe, expect, it } from "vitest";
import { planAlarms } from "../../../components/alerting/alarms";
import { CATALOGUE } from "../../../components/alerting/catalogue";
import { ESTATE, FACTS, LEAST } from "./sample";

const keys = (estate = ESTATE) => planAlarms(CATALOGUE, estate, FACTS).map(({ key }) => key);
const plan = (key: string, estate = ESTATE) => {
  const found = planAlarms(CATALOGUE, estate, FACTS).find((each) => each.key === key);
  if (found === undefined) throw new Error(`no alarm ${key}`);
  return found;
};

describe("the alarms of a stack", () => {
  it("never share a name", () => {
    for (const estate of [ESTATE, LEAST]) expect(new Set(keys(estate)).size).toBe(keys(estate).length);
  });

  it("watch each instance, each node and each dump by itself", () => {
    expect(keys().filter((key) => key.startsWith("database-cpu-high"))).toEqual([
      "database-cpu-high-aibase-test-primary",
      "database-cpu-high-aibase-test-replica-1",
      "database-cpu-high-aibase-test-replica-2",
    ]);
    expect(plan("cache-evictions-aibase-test-cache-0001-002").dimensions).toEqual({
      CacheClusterId: "aibase-test-cache-0001-002",
      CacheNodeId: "0001",
    });
    expect(plan("dump-old-circle").dimensions).toEqual({ Stack: "test", Database: "circle", Kind: "daily" });
  });

  it("name things as AWS does", () => {
    expect(plan("proxy-borrow-latency").dimensions).toEqual({ ProxyName: "aibase-test-pooler" });
    expect(plan("availability-fast-burn").dimensions).toEqual({
      ProxyName: "aibase-test-pooler",
      TargetGroup: "default",
      TargetRole: "READ_WRITE",
    });
    expect(plan("files-server-errors").dimensions).toEqual({
      BucketName: "aibase-files-123456789012-test",
      FilterId: "EntireBucket",
    });
    expect(plan("files-replication-failed").dimensions).toEqual({
      SourceBucket: "aibase-files-123456789012-test",
      DestinationBucket: "aibase-files-123456789012-test-copy",
      RuleId: "everything",
    });
    expect(plan("backup-old").dimensions).toEqual({ BackupVaultName: "aibase-test-backups" });
    // A copy job is counted by the vault that it copies to.
    expect(plan("backup-copy-failed").dimensions).toEqual({ BackupVaultName: "aibase-test-backup-copies" });
    expect(plan("slow-query")).toMatchObject({ namespace: "ScalingLadder/test", dimensions: {} });
  });

  it("watch a writer without a proxy by the minutes in which it tells its connections", () => {
    const { proxyName: _, ...direct } = ESTATE;
    expect(plan("availability-fast-burn", direct)).toMatchObject({
      dimensions: { DBInstanceIdentifier: "aibase-test-primary" },
      rule: { expression: "100 * FILL(m1, 0) / (PERIOD(m1) / 60)", missing: "breaching" },
    });
    expect(keys(direct).filter((key) => key.startsWith("proxy"))).toEqual([]);
  });

  it("leave out what a stack does not have", () => {
    const least = keys(LEAST);
    const absent = /^(replica-|proxy|cache-(?!hit)|files|backup|dump|restore)/;
    expect(least.filter((key) => absent.test(key))).toEqual([]);
    expect(keys().filter((key) => absent.test(key)).length).toBeGreaterThan(10);
    expect(least).toContain("database-down-aibase-test-primary");
    expect(least).toContain("slow-query");
  });

  it("stay below what a dashboard and a budget can bear", () => {
    expect(keys().length).toBeLessThan(120);
  });
});
