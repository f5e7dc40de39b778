import { describe, expect, test } from "vitest";
import { LIMITS, PROFILE_NAMES } from "../../../policy/limits";
import { over, problemsOfConfig, profileConfig, profileOf } from "../../../policy/profile";
import { REPORTED } from "../../../policy/running/findings";
import { TIER_NAMES } from "../../../settings/tiers";

describe("profiles", () => {
  test("C-01: every tier has one, the strict one from enterprise on", () => {
    expect(TIER_NAMES.map((tier) => [tier, profileOf(tier)])).toEqual([
      ["development", "dev"],
      ["small-team", "dev"],
      ["smb", "dev"],
      ["enterprise", "prod"],
      ["sharded", "prod"],
      ["global", "prod"],
    ]);
  });

  test.each(PROFILE_NAMES)("%s sets every policy and keeps the check of configurations", (name) => {
    const config = profileConfig(name, REPORTED);
    expect(Object.keys(config)).toEqual(REPORTED.map((rule) => rule.name));
    expect(problemsOfConfig(config, REPORTED)).toEqual([]);
    expect(config["kms-deletion-window"]?.keyDeletionDays).toBe(LIMITS[name].keyDeletionDays);
  });

  test("prod is nowhere weaker than dev", () => {
    const strength = ["disabled", "advisory", "mandatory"];
    for (const { levels, name } of REPORTED)
      expect(strength.indexOf(levels.prod), name).toBeGreaterThanOrEqual(strength.indexOf(levels.dev));
  });
});

describe("a configuration of one's own", () => {
  test.each([
    ["a misspelt policy", { "kms-rotations": { enforcementLevel: "advisory" } }, "the nearest name is `kms-rotation`"],
    ["every policy at once", { all: { enforcementLevel: "disabled" } }, "`all` would set the level of every policy"],
    [
      "a level that does not exist",
      { "kms-rotation": { enforcementLevel: "remediate" } },
      "must be mandatory, advisory, disabled",
    ],
    ["a level without its policy", { "kms-rotation": "advisory" }, "`kms-rotation` must be an object"],
    [
      "a setting of another policy",
      { "kms-rotation": { keyDeletionDays: 7 } },
      "`kms-rotation` has no setting `keyDeletionDays`",
    ],
    ["a limit in words", { "kms-deletion-window": { keyDeletionDays: "7" } }, "must be a number of 0 or more"],
    ["a negative limit", { "kms-deletion-window": { keyDeletionDays: -1 } }, "must be a number of 0 or more"],
    ["one region in place of a list", { "region-and-tags": { regions: "us-east-1" } }, "must be a list of texts"],
    ["no object", ["kms-rotation"], "must be one JSON object"],
  ])("is refused for %s", (_, config, problem) => {
    expect(problemsOfConfig(config, REPORTED).join("; ")).toContain(problem);
  });

  test("is taken where it is sound, and counts over the profile", () => {
    const own = { "kms-deletion-window": { keyDeletionDays: 14 }, "kms-rotation": { enforcementLevel: "advisory" } };
    expect(problemsOfConfig(own, REPORTED)).toEqual([]);
    const config = over(profileConfig("prod", REPORTED), own);
    expect(config["kms-deletion-window"]).toEqual({ enforcementLevel: "mandatory", keyDeletionDays: 14 });
    expect(config["kms-rotation"]).toEqual({ enforcementLevel: "advisory" });
    expect(config["kms-policy-private"]).toEqual({ enforcementLevel: "mandatory" });
  });
});
