import { expect, test } from "vitest";
import { profileOf } from "../../../policy/profile";
import { RULES } from "../../../policy/rules";
import { SEEDS } from "./seeds";

/** By the tiers of the two stacks. */
const PROFILES = { smb: profileOf("smb"), prod: profileOf("enterprise") };

test("there are enough seeds, of every kind, and no two have the same name", () => {
  expect(SEEDS.length).toBeGreaterThanOrEqual(60);
  expect(SEEDS.filter(({ stoppedAt }) => stoppedAt === "second pass").length).toBeGreaterThanOrEqual(5);
  expect(new Set(SEEDS.map(({ name }) => name)).size).toBe(SEEDS.length);
});

test("every seed names a rule of the pack that is mandatory for its stack", () => {
  const levels = SEEDS.map(({ rule, stack }) => RULES.find(({ name }) => name === rule)?.levels[PROFILES[stack]]);
  const wrong = SEEDS.flatMap(({ name, rule, stack }, index) =>
    levels[index] === "mandatory" ? [] : [`${name}: ${rule} is ${levels[index] ?? "no rule"} for ${stack}`],
  );
  expect(wrong).toEqual([]);
});
