import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError, sizeForUsers, TIER_NAMES, TIERS, tierForUsers } from "../../../settings";
import { keysOf } from "../../../settings/reference";

const json = fc.jsonValue({ maxDepth: 3 });
/** Names that JavaScript objects have of themselves, and names that settings have. */
const name = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "valueOf", "hasOwnProperty", "database.path", "", "0"),
  fc.constantFrom(...new Set(TIER_NAMES.flatMap((tier) => keysOf(tier).map((key) => key.split(".").at(-1) ?? key)))),
  fc.string({ maxLength: 8 }),
);
const value = fc.oneof(
  json,
  fc.integer({ min: -10, max: 100_000 }),
  fc.double({ noNaN: true }),
  fc.constantFrom("sqlite", "postgresql", "external", "adopt", "azure", "s3", "memory", "us-east-1", "circle", ".env"),
);
const group = fc.oneof(value, fc.dictionary(name, fc.oneof(value, fc.dictionary(name, value))));
const tier = fc.oneof(fc.constantFrom<string>(...TIER_NAMES), json);
const userCount = fc.oneof(fc.nat(20_000_000), fc.integer(), json);

/** Anything that a stack file or the engine can hand over, often close to being right. */
const raw = fc.oneof(
  fc.dictionary(name, group),
  fc
    .record({ tier, users: userCount, rest: fc.dictionary(name, group) }, { requiredKeys: ["rest"] })
    .map(({ rest, ...own }) => ({ ...rest, ...own })),
);

describe("parsing", () => {
  it("throws nothing but a list of problems, whatever it is given", () => {
    fc.assert(
      fc.property(raw, (settings) => {
        try {
          parseSettings(settings, "dev");
        } catch (error) {
          expect(error).toBeInstanceOf(SettingsError);
          if (error instanceof SettingsError) expect(error.problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  const valid = fc
    .record({
      tier: fc.constantFrom(...TIER_NAMES),
      users: fc.nat(10_000),
      app: fc.record({ port: fc.integer({ min: 1, max: 65_535 }) }, { requiredKeys: [] }),
      backup: fc.record(
        { dailyDays: fc.integer({ min: 1, max: 3650 }), weeklyWeeks: fc.integer({ min: 1, max: 520 }) },
        { requiredKeys: [] },
      ),
      size: fc.constantFrom("development", "production", "high-load"),
    })
    .filter(({ users }) => users <= 10_000)
    .map((settings) =>
      settings.tier === "small-team" ? { ...settings, backup: { store: { bucket: "team-backups" } } } : settings,
    );

  it("gives a value that parses again to itself", () => {
    fc.assert(
      fc.property(valid, (settings) => {
        const once = parseSettings(settings, "dev").settings;
        expect(parseSettings({ ...once }, "dev").settings).toEqual(once);
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    const ordered = valid.chain((settings) =>
      fc.tuple(fc.constant(settings), fc.shuffledSubarray(Object.entries(settings), { minLength: 5, maxLength: 5 })),
    );
    fc.assert(
      fc.property(ordered, ([settings, entries]) => {
        expect(parseSettings(Object.fromEntries(entries), "dev")).toEqual(parseSettings(settings, "dev"));
      }),
    );
  });

  it("tells the same problems in any order of keys", () => {
    const shuffled = fc
      .record({ tier: fc.constantFrom(...TIER_NAMES), users: userCount, a: group, database: group, app: group })
      .chain((settings) =>
        fc.tuple(fc.constant(settings), fc.shuffledSubarray(Object.entries(settings), { minLength: 5, maxLength: 5 })),
      );
    const told = (settings: Record<string, unknown>): readonly string[] => {
      try {
        parseSettings(settings, "dev");
        return [];
      } catch (error) {
        return error instanceof SettingsError
          ? error.problems.map(({ key, message }) => `${key} ${message}`).sort()
          : [];
      }
    };
    fc.assert(
      fc.property(shuffled, ([settings, entries]) => {
        expect(told(Object.fromEntries(entries))).toEqual(told(settings));
      }),
    );
  });
});

describe("the ladder", () => {
  const ladder = TIERS.filter((candidate) => !candidate.optIn);

  it("covers every count of users exactly once: ranges are half-open and meet", () => {
    expect(ladder[0]?.users.min).toBe(0);
    expect(ladder.at(-1)?.users.max).toBe(Number.POSITIVE_INFINITY);
    for (const [index, tier] of ladder.slice(1).entries()) expect(tier.users.min).toBe(ladder[index]?.users.max);
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000 }), (users) => {
        const holding = ladder.filter((tier) => users >= tier.users.min && users < tier.users.max);
        expect(holding).toEqual([tierForUsers(users)]);
      }),
    );
  });

  it("never goes down with more users, in tier or in machine size", () => {
    const vcpus = (users: number) => sizeForUsers(users).vcpus;
    fc.assert(
      fc.property(fc.nat({ max: 30_000_000 }), fc.nat({ max: 30_000_000 }), (some, more) => {
        expect(ladder.indexOf(tierForUsers(some + more))).toBeGreaterThanOrEqual(ladder.indexOf(tierForUsers(some)));
        expect(vcpus(some + more)).toBeGreaterThanOrEqual(vcpus(some));
      }),
    );
  });
});
