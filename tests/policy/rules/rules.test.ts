import { describe, expect, test } from "vitest";
import { RULES } from "../../../policy/rules";
import { CASES } from "./allCases";
import { judge, KINDS, ruleNamed } from "./cases";

for (const [name, cases] of Object.entries(CASES)) {
  describe(name, () => {
    test.each(cases.map((one) => [`${one.title} (${one.kind})`, one] as const))("%s", (_, one) => {
      const judgements = judge(ruleNamed(name), one.resources, one.profile);
      const messages = judgements.map((judgement) => judgement.message).join("\n");
      expect(judgements.map((judgement) => judgement.verdict)).toEqual(one.verdicts);
      for (const text of one.says ?? []) expect(messages).toContain(text);
      for (const text of one.hides ?? []) expect(messages).not.toContain(text);
    });
  });
}

describe("every rule", () => {
  test.each(RULES.map((rule) => [rule.name]))("%s has a case of every kind, with both outcomes", (name) => {
    const cases = CASES[name] ?? [];
    expect(new Set(cases.map((one) => one.kind))).toEqual(new Set(KINDS));
    expect(cases.some((one) => one.verdicts.includes("violated"))).toBe(true);
    expect(cases.some((one) => one.verdicts.length === 0)).toBe(true);
  });

  test("has a name of its own that the engine takes, texts on one line, and ids", () => {
    const names = RULES.map((rule) => rule.name);
    expect(new Set(names).size).toBe(names.length);
    for (const rule of RULES) {
      expect(rule.name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(["all", "inputs"]).not.toContain(rule.name);
      for (const text of [rule.description, rule.why, rule.remedy]) expect(text).toMatch(/^\S.*\.$/);
      expect(rule.ids.length).toBeGreaterThan(0);
    }
  });
});
