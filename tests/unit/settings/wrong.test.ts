import { describe, expect, it } from "vitest";
import { ExitCode, formatProblem, parseSettings, type RawSettings, SettingsError } from "../../../settings";
import { CONTRADICTION_CASES } from "./contradictionCases";
import { TIER_CASES, TYPE_CASES, UNKNOWN_KEY_CASES, VALUE_CASES } from "./wrongCases";

const ALL = [...TIER_CASES, ...UNKNOWN_KEY_CASES, ...TYPE_CASES, ...VALUE_CASES, ...CONTRADICTION_CASES];

function failureOf(raw: RawSettings): SettingsError {
  try {
    parseSettings(raw, "acme");
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(raw)}`);
}

describe("a wrong setting", () => {
  it("is shown by sixty cases or more", () => {
    expect(ALL.length).toBeGreaterThanOrEqual(60);
    expect(new Set(ALL.map(({ title }) => title)).size).toBe(ALL.length);
  });

  it.each(ALL)("is told by key, value, reason and what is allowed: $title", ({ raw, key, says }) => {
    const error = failureOf(raw);
    const problem = error.problems.find((candidate) => candidate.key === key);
    expect(problem, error.message).toBeDefined();
    const line = problem === undefined ? "" : formatProblem(problem);
    for (const part of says) expect(line).toContain(part);
    expect(line).toMatch(/^scaling-ladder:.+( = .+| is not set): .+\. Allowed: .+\./);
    expect(error.exitCode).toBe(ExitCode.usage);
    expect(error.message).toContain(line);
    expect(error.message).toContain("Pulumi.acme.yaml");
    expect(error.message).toContain("nothing was changed");
  });

  it.each(ALL)("is the only thing told when all else is right: $title", ({ raw }) => {
    // Two rules may speak where the same mistake breaks both, but never about an unrelated key.
    const keys = failureOf(raw).problems.map((problem) => problem.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeLessThanOrEqual(2);
  });
});

describe("several wrong settings", () => {
  it("are all told in one error", () => {
    const error = failureOf({
      tier: "development",
      users: 20_000,
      colour: "red",
      database: { busyTimeoutMs: "long", pth: "x" },
      app: { replicas: 2, port: 0 },
      cache: { type: "redis" },
    });
    expect(error.problems.map(({ key }) => key).sort()).toEqual(
      ["app.port", "app.replicas", "cache.type", "colour", "database.busyTimeoutMs", "database.pth", "users"].sort(),
    );
    expect(error.message).toMatch(/^7 settings of stack acme cannot be used:\n/);
    expect(error.message.split("\n").filter((line) => line.startsWith("  - "))).toHaveLength(7);
  });

  it("S1-60: more than one replica is refused with SQLite, with local files and with a memory cache, on every tier", () => {
    const tiers = ["development", "small-team", "smb", "enterprise", "sharded", "global"];
    const users = [10, 10, 5_000, 200_000, 2_000_000, 20_000_000];
    for (const [index, tier] of tiers.entries()) {
      for (const single of [
        { database: { type: "sqlite" } },
        { files: { type: "local" } },
        { cache: { type: "memory" } },
      ])
        expect(
          failureOf({ tier, users: users[index], app: { replicas: 2 }, ...single }).problems.length,
        ).toBeGreaterThan(0);
    }
  });
});

describe("a secret in a wrong place", () => {
  const SECRET = "hunter2-very-secret";
  const url = `postgresql://app:${SECRET}@db.example:5432/aibase`;
  const smb = { tier: "smb", users: 5_000 };
  const cases: [string, RawSettings][] = [
    ["in its own key, without an external database", { ...smb, database: { url } }],
    ["in its own key, with the wrong form", { ...smb, database: { host: "external", url: SECRET } }],
    ["in its own key, as a list", { ...smb, database: { host: "external", url: [url] } }],
    ["in its own key, on a tier without it", { tier: "development", users: 1, database: { url } }],
    ["in a misspelt key", { ...smb, database: { host: "external", ulr: url } }],
    ["at the top level", { ...smb, url }],
    ["under a dotted key", { ...smb, "database.url": url }],
    ["in the place of the group", { ...smb, database: url }],
    ["in a list in the place of the group", { ...smb, database: [url] }],
    ["in an unknown group", { ...smb, db: { url, password: SECRET } }],
    ["as an unknown password", { ...smb, database: { password: SECRET } }],
    ["as a token in capitals", { ...smb, API_TOKEN: SECRET }],
    ["as an endpoint with a password", { ...smb, files: { endpoint: 5, cdn: url } }],
    ["with a slash and a blank in the password", { ...smb, url: `postgresql://app:a/b ${SECRET}@db.example/x` }],
  ];

  it.each(cases)("is never printed: %s", (_where, raw) => {
    const error = failureOf(raw);
    expect(error.message).not.toContain(SECRET);
    expect(JSON.stringify(error.problems)).not.toContain(SECRET);
    expect(error.message).toContain("[secret]");
  });
});
