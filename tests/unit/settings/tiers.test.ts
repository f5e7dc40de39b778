import { describe, expect, it } from "vitest";
import { parseSettings, sizeForUsers, TIERS, tierByName, tierForUsers } from "../../../settings";
import { SIZES } from "../../../settings/tiers";

/** An id stands in a title only where this release shows the whole demand: a figure, a range or a trigger. */

/** A small team has to name the bucket of its backups. */
const needed = (tier: string) => (tier === "small-team" ? { backup: { store: { bucket: "team-backups" } } } : {});
const warningsOf = (tier: string, users: number) => parseSettings({ tier, users, ...needed(tier) }, "dev").warnings;
const line = (tier: "sharded" | "global", source: string) =>
  tierByName(tier).cost.lines.find((candidate) => candidate.source === source);

describe("ranges of users", () => {
  it("S0-04: tier development is SQLite on a local file, from now up to 1,000 users", () => {
    const { database, files, users } = tierByName("development");
    expect({ database, files, users }).toMatchObject({
      database: "sqlite",
      files: "local",
      users: { min: 0, max: 1_000 },
    });
    expect(warningsOf("development", 1_000)).toEqual([]);
  });

  it("S0-37: PostgreSQL is called for on reaching 1,000 users", () => {
    expect(tierForUsers(999).database).toBe("sqlite");
    expect(tierForUsers(1_000)).toMatchObject({ name: "smb", database: "postgresql" });
  });

  it("S0-38: the managed cloud is called for on reaching 100,000 users", () => {
    expect(tierForUsers(99_999).name).toBe("smb");
    expect(tierForUsers(100_000).name).toBe("enterprise");
    expect(warningsOf("smb", 99_999).join()).not.toContain("the tier for them is");
    expect(warningsOf("smb", 100_000)[0]).toContain("the tier for them is enterprise");
  });

  it("S1-22: SQLite is one node, and good to 10,000 users", () => {
    for (const tier of ["development", "small-team"] as const) {
      expect(tierByName(tier)).toMatchObject({ database: "sqlite", replicas: { default: 1, max: 1 } });
      const raw = { tier, ...needed(tier) };
      expect(parseSettings({ ...raw, users: 10_000 }, "dev").settings.users).toBe(10_000);
      expect(() => parseSettings({ ...raw, users: 10_001 }, "dev")).toThrow("the tier for them is smb");
    }
  });

  it("S1-71: about 10,000 users at most on SQLite, and no limit on PostgreSQL", () => {
    for (const tier of TIERS) {
      expect(tier.limits.refuseAboveUsers).toBe(tier.database === "sqlite" ? 10_000 : undefined);
      if (tier.database === "postgresql")
        expect(parseSettings({ tier: tier.name, users: 900_000_000 }, "dev").settings.tier).toBe(tier.name);
    }
  });

  it("has sharding from 1,000,000 users and the last tier from 10,000,000", () => {
    expect([999_999, 1_000_000, 9_999_999, 10_000_000, 500_000_000].map((users) => tierForUsers(users).name)).toEqual([
      "enterprise",
      "sharded",
      "sharded",
      "global",
      "global",
    ]);
  });

  it("never suggests a tier that has to be chosen", () => {
    for (const users of [0, 999, 1_000, 5_000, 10_000]) expect(tierForUsers(users).name).not.toBe("small-team");
  });

  it("S0-49: SQLite is where one begins, and more users only bring advice: the tier stays as it was chosen", () => {
    expect(tierForUsers(0).database).toBe("sqlite");
    for (const users of [1_001, 5_000, 10_000]) {
      const { settings, warnings } = parseSettings({ tier: "development", users }, "dev");
      expect(settings.tier).toBe("development");
      expect(warnings).toHaveLength(1);
    }
  });

  it("advises from 1,001 users on SQLite, naming the limit and the tier to move to", () => {
    for (const tier of ["development", "small-team"]) {
      expect(warningsOf(tier, 1_000)).toEqual([]);
      expect(warningsOf(tier, 1_001)).toEqual([
        "scaling-ladder:users: 1001 users are more than the 1000 that SQLite is advised for; the tier for them is smb.",
      ]);
    }
  });
});

describe("declared limits", () => {
  it("S0-05: tier development is declared for about 100 GB of data and 1,000 concurrent users", () => {
    expect(tierByName("development").limits).toMatchObject({ dataGiB: 100, concurrentUsers: 1_000 });
  });

  it("holds about 100 connections on SQLite and declares no limit on PostgreSQL", () => {
    for (const tier of TIERS) expect(tier.limits.connections).toBe(tier.database === "sqlite" ? 100 : undefined);
  });
});

describe("machine sizes", () => {
  it("S3-50: development is 2 CPU, 4 GB of memory and 50 GB of disk", () => {
    expect(SIZES[0]).toMatchObject({ name: "development", vcpus: 2, memoryGiB: 4, storageGiB: 50 });
  });

  it("S3-51: production is 4 CPU, 16 GB of memory and 500 GB of disk", () => {
    expect(SIZES[1]).toMatchObject({ name: "production", vcpus: 4, memoryGiB: 16, storageGiB: 500 });
  });

  it("has 8 CPU, 32 GB of memory and 1 TB of disk under high load", () => {
    expect(SIZES[2]).toMatchObject({ name: "high-load", vcpus: 8, memoryGiB: 32, storageGiB: 1_024 });
  });

  it("follow the users where no size is set", () => {
    expect([0, 9_999, 10_000, 99_999, 100_000, 20_000_000].map((users) => sizeForUsers(users).name)).toEqual([
      "development",
      "development",
      "production",
      "production",
      "high-load",
      "high-load",
    ]);
  });
});

describe("monthly cost in US dollars", () => {
  const at1M = [
    ["S4-51", "PostgreSQL", 500, 1_000],
    ["S4-52", "Redis", 200, 400],
    ["S4-53", "MongoDB", 300, 600],
    ["S4-54", "Backup", 100, 200],
  ] as const;
  const at10M = [
    ["S4-57", "PostgreSQL shards", 2_000, 4_000],
    ["S4-58", "Redis clusters", 800, 1_500],
    ["S4-59", "MongoDB", 1_000, 2_000],
    ["S4-60", "CDN", 500, 1_000],
  ] as const;

  it("S0-46: tier development costs nothing", () => {
    expect(tierByName("development").cost).toMatchObject({ min: 0, max: 0, derived: false });
  });

  it("S0-47: PostgreSQL for 1,000 to 100,000 users costs 20 to 200", () => {
    expect(tierByName("smb")).toMatchObject({ users: { min: 1_000, max: 100_000 }, cost: { min: 20, max: 200 } });
  });

  it("S0-48: the managed cloud costs 25 or more; its upper end is marked as derived", () => {
    expect(tierByName("enterprise").cost).toMatchObject({ min: 25, derived: true });
  });

  it.each(at1M)("%s: at 1,000,000 users, %s costs %d to %d", (source, name, min, max) => {
    expect(line("sharded", source)).toMatchObject({ min, max });
    expect(line("sharded", source)?.name).toContain(name);
  });

  it.each(at10M)("%s: at 10,000,000 users, %s costs %d to %d", (source, name, min, max) => {
    expect(line("global", source)).toMatchObject({ min, max });
    expect(line("global", source)?.name).toContain(name);
  });

  const total = (tier: "sharded" | "global") =>
    tierByName(tier).cost.lines.reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }), {
      min: 0,
      max: 0,
    });

  it("S4-56: at 1,000,000 users the total is 1,100 to 2,200, the sum of its four lines", () => {
    expect(total("sharded")).toEqual({ min: 1_100, max: 2_200 });
    expect(tierByName("sharded").cost.min).toBe(1_100);
    expect(tierByName("enterprise").cost.max).toBe(2_200);
  });

  it("S4-63: at 10,000,000 users the total is 4,300 to 8,500, the sum of its four lines", () => {
    expect(total("global")).toEqual({ min: 4_300, max: 8_500 });
    expect(tierByName("global").cost).toMatchObject({ min: 4_300, max: 8_500, derived: false });
  });
});
