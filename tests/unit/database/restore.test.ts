import { describe, expect, it } from "vitest";
import { restoreArgs, restoreInstructions } from "../../../components/database/restore";

describe("what a primary begins from", () => {
  it("is nothing by default", () => expect(restoreArgs(undefined)).toEqual({}));

  it("is a snapshot", () => {
    expect(restoreArgs({ snapshot: "aibase-prod-database-final" })).toEqual({
      snapshotIdentifier: "aibase-prod-database-final",
    });
  });

  it("is the latest moment of another instance", () => {
    expect(restoreArgs({ sourceInstance: "aibase-prod-database" })).toEqual({
      restoreToPointInTime: { sourceDbInstanceIdentifier: "aibase-prod-database", useLatestRestorableTime: true },
    });
  });

  it("is a moment of another instance", () => {
    expect(restoreArgs({ sourceInstance: "aibase-prod-database", time: "2026-01-31T12:00:00Z" })).toEqual({
      restoreToPointInTime: {
        sourceDbInstanceIdentifier: "aibase-prod-database",
        restoreTime: "2026-01-31T12:00:00Z",
      },
    });
  });
});

describe("the restore instructions", () => {
  const facts = {
    stack: "prod",
    primaryIdentifier: "aibase-prod-database",
    finalSnapshot: "aibase-prod-database-final",
    pitrDays: 35,
    region: "us-east-1",
  };

  it("name this stack's own instance, snapshot, days and settings", () => {
    const text = restoreInstructions(facts);
    for (const part of [
      "last 35 days",
      "database.restore.sourceInstance aibase-prod-database",
      "database.restore.time",
    ])
      expect(text).toContain(part);
    expect(text).toContain("database.restore.snapshot aibase-prod-database-final");
    expect(text).toContain("--region us-east-1");
    expect(text).not.toContain("us-west-2");
  });

  it("tell the way from the second region where there is one", () => {
    expect(restoreInstructions({ ...facts, secondaryRegion: "us-west-2" })).toContain("--region us-west-2");
  });
});
