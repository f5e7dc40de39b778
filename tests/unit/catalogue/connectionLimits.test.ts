import { describe, expect, it } from "vitest";
import { APPLICATION_SHARE, connectionLimits, MAX_CONNECTIONS } from "../../../catalogue/connectionLimits";

/** What superusers and operators keep. */
const KEPT = 3 + 5;

describe("the limits of connections", () => {
  it("give the application 160 of 200, where it is alone (S3-38, C-32)", () => {
    expect(connectionLimits()).toEqual({ owner: 8, app: 160, readonly: 10, replication: 4, database: 187 });
  });

  it("divide a server among five logical databases", () => {
    expect(connectionLimits({ databases: 5 })).toEqual({
      owner: 3,
      app: 32,
      readonly: 3,
      replication: 4,
      database: 47,
    });
  });

  it.each(Array.from({ length: 16 }, (_, index) => index + 1))(
    "never promise more than there is, with %i",
    (databases) => {
      const { owner, app, readonly } = connectionLimits({ databases });
      expect(Math.min(owner, app, readonly)).toBeGreaterThan(0);
      expect(databases * app).toBeLessThanOrEqual(MAX_CONNECTIONS * APPLICATION_SHARE);
      expect(databases * (owner + app + readonly)).toBeLessThanOrEqual(MAX_CONNECTIONS - KEPT);
    },
  );

  it("take an unequal part, and a server of another size", () => {
    expect(connectionLimits({ databases: 5, app: 60 }).app).toBe(60);
    expect(connectionLimits({ maxConnections: 1000, databases: 2 }).app).toBe(400);
  });

  it.each([
    [{ databases: 17 }, "A server of 200 connections cannot hold 17 logical databases"],
    [{ maxConnections: 40 }, "A server of 40 connections cannot hold 1 logical databases"],
    [{ app: 161 }, "The application may open 161 connections; allowed are 160, 80 % of max_connections = 200 (C-32)."],
    [{ app: 0 }, "cannot hold"],
  ])("refuse %j", (shares, message) => {
    expect(() => connectionLimits(shares)).toThrow(message);
  });
});
