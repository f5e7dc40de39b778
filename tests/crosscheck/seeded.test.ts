import { beforeAll, describe, expect, it } from "vitest";
import { demandedRules, rulesFor } from "../../crosscheck/demands";
import type { Report } from "../../crosscheck/finding";
import { violationsOf } from "../../crosscheck/ours";
import { RULES } from "../../policy/rules";
import { SEEDED_DATA } from "./fixtures/data";
import { SEEDED_KUBERNETES } from "./fixtures/kubernetes";
import { SEEDED_PLATFORM } from "./fixtures/platform";
import { reportOn } from "./tools";

const SEEDED = [...SEEDED_DATA, ...SEEDED_PLATFORM, ...SEEDED_KUBERNETES];
const CASES = SEEDED.flatMap(({ what, resource, checks }) => checks.map((check) => ({ what, check, resource })));

describe("a seeded weakness", () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn(SEEDED.map(({ resource }) => resource));
  });

  it.each(CASES)("is seen by $check: $what", ({ check, resource }) => {
    const seen = report.findings.filter(({ urn }) => urn === resource.urn).map((finding) => finding.check);
    expect(seen).toContain(check);
  });

  it.each(CASES)("that $check sees is seen by a rule with the same demand: $what", ({ check, resource }) => {
    const rules = rulesFor(check, RULES);
    expect(rules, `no rule says in its ids that it makes the demand of ${check}`).not.toEqual([]);
    const violated = violationsOf([resource], RULES, "prod").map(({ policy }) => policy);
    expect(
      rules.filter((rule) => violated.includes(rule)),
      `none of ${rules.join(", ")} finds it`,
    ).not.toEqual([]);
  });
});

describe("the demands of kube-score", () => {
  it("are those of rules that exist", () => {
    expect(demandedRules().filter((name) => !RULES.some((rule) => rule.name === name))).toEqual([]);
  });
});
