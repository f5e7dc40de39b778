import { describe, expect, it } from "vitest";
import { parseSettings, TIER_NAMES, type TierName, tierByName } from "../../../settings";
import { settingsReference } from "../../../settings/reference";

const USERS: Record<TierName, number> = {
  development: 10,
  "small-team": 10,
  smb: 5_000,
  enterprise: 200_000,
  sharded: 2_000_000,
  global: 20_000_000,
};

/** A small team has to name the bucket of its backups: nobody else can. */
const least = (tier: TierName) => ({
  tier,
  users: USERS[tier],
  ...(tier === "small-team" ? { backup: { store: { bucket: "team-backups" } } } : {}),
});

const parsed = (tier: TierName) => parseSettings(least(tier), "dev");

function at(value: unknown, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>(
      (node, part) => (typeof node === "object" && node !== null ? Reflect.get(node, part) : undefined),
      value,
    );
}

describe("a stack that says only what it must", () => {
  it.each(TIER_NAMES)("parses without advice, but on how an existing cluster reaches a new VPC: %s", (tier) => {
    expect(parsed(tier).settings.tier).toBe(tier);
    const joins = tier === "smb" || tier === "enterprise";
    expect(parsed(tier).warnings).toEqual(
      joins ? [expect.stringMatching(/^scaling-ladder:network: pods of an existing cluster reach the database/)] : [],
    );
    const own = joins ? { cluster: { mode: "create", endpointCidrs: ["203.0.113.0/24"] } } : {};
    expect(parseSettings({ ...least(tier), ...own }, "dev").warnings).toEqual([]);
  });

  it.each(TIER_NAMES)("has every default that the reference page shows: %s", (tier) => {
    const entries = settingsReference().filter(({ tiers, default: text }) => tiers.includes(tier) && text !== "");
    expect(entries.length).toBeGreaterThan(8);
    for (const entry of entries)
      expect([entry.key, at(parsed(tier).settings, entry.key)]).toEqual([entry.key, JSON.parse(entry.default)]);
  });

  it.each(TIER_NAMES)("stands on the storage that the tier table names: %s", (tier) => {
    const { settings } = parsed(tier);
    const table = tierByName(tier);
    expect([settings.database.type, settings.files.type, settings.cache.type]).toEqual([
      table.database,
      table.files,
      table.cache,
    ]);
  });

  it("is on tier development exactly this", () => {
    expect(parsed("development").settings).toEqual({
      tier: "development",
      users: 10,
      database: { type: "sqlite", name: "ai_company", busyTimeoutMs: 5_000 },
      files: { type: "local", path: "uploads" },
      cache: { type: "memory" },
      app: { replicas: 1, port: 5_040, envFile: ".env" },
      backup: { path: "backups", dailyDays: 35, weeklyWeeks: 12, monthlyMonths: 12 },
    });
  });

  it("has two read replicas, a pooler and a clustered cache from enterprise on", () => {
    for (const tier of ["enterprise", "sharded", "global"] as const) {
      const { settings } = parsed(tier);
      expect(settings.database).toMatchObject({ host: "aws", version: 16, replicas: 2, pooler: true, poolMax: 20 });
      expect(settings.cache).toMatchObject({ type: "redis", tls: "required", shards: 2, replicasPerShard: 1 });
      expect(settings).toMatchObject({ region: "us-east-1", secondaryRegion: "us-west-2" });
    }
  });

  it("says nothing with an empty group or an empty text, on any tier, because Pulumi.yaml declares those", () => {
    const declared = {
      size: "",
      region: "",
      secondaryRegion: "",
      tags: {},
      network: {},
      alerts: {},
      budget: {},
      files: {},
    };
    for (const tier of TIER_NAMES)
      expect(parseSettings({ ...declared, ...least(tier) }, "dev").settings).toEqual(parsed(tier).settings);
  });

  it("may write a path with ./ before it and / after it", () => {
    const { settings } = parseSettings({ tier: "development", users: 1, files: { path: "./data/files/" } }, "dev");
    expect(settings.files).toMatchObject({ path: "data/files" });
  });
});
