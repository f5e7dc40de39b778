import { describe, expect, test } from "vitest";
import { type Cases, judge, ruleNamed } from "./cases";

/** Makes a test of each case. */
export function describeCases(cases: Cases): void {
  for (const [name, ofRule] of Object.entries(cases)) {
    describe(name, () => {
      test.each(ofRule.map((one) => [`${one.title} (${one.kind})`, one] as const))("%s", (_, one) => {
        const judgements = judge(ruleNamed(name), one.resources, one.profile);
        const messages = judgements.map((judgement) => judgement.message).join("\n");
        expect(judgements.map((judgement) => judgement.verdict)).toEqual(one.verdicts);
        for (const text of one.says ?? []) expect(messages).toContain(text);
        for (const text of one.hides ?? []) expect(messages).not.toContain(text);
      });
    });
  }
}
