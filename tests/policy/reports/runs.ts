import type { Level, Rule } from "../../../policy/rule";
import { RULES } from "../../../policy/rules";
import type { Finding, PolicyRun, RuleOutcome } from "../../../policy/running/findings";

/** Rules of the pack for findings to be about, as many as a test needs. */
export function ruleAt(index: number): Rule {
  const rule = RULES[index];
  if (rule === undefined) throw new Error(`the pack has no rule number ${index}`);
  return rule;
}

export const urn = (name: string, type = "aws:rds/instance:Instance", stack = "prod"): string =>
  `urn:pulumi:${stack}::scaling-ladder::scaling-ladder:database:RdsDatabase$${type}::${name}`;

export function finding(rule: Rule, level: Level, change: Partial<Finding> = {}): Finding {
  return {
    policy: rule.name,
    level,
    verdict: "violated",
    urn: urn("primary"),
    message: "`multiAz` is false; it must be true.",
    remedy: rule.remedy,
    ids: rule.ids,
    pass: "preview",
    ...change,
  };
}

/** A run with these findings; every other rule is passed, unless told otherwise. */
export function runWith(
  findings: readonly Finding[],
  others: Readonly<Record<string, RuleOutcome["verdict"]>> = {},
  stack = "prod",
): PolicyRun {
  const outcomes = RULES.map(({ name, ids }): RuleOutcome => {
    const found = findings.find(({ policy }) => policy === name);
    const level = found?.level ?? (others[name] === "disabled" ? "disabled" : "mandatory");
    return { policy: name, level, ids, verdict: found?.verdict ?? others[name] ?? "passed" };
  });
  return { stack, profile: "prod", passes: ["preview"], outcomes, findings, refused: false };
}
