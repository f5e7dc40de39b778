import type { ResourceView, Rule } from "../../../policy/rule";
import { RULES } from "../../../policy/rules";
import type { Value } from "../../../policy/value";

/** The kinds of case that every rule must have; a rule adds as many of each as it needs. */
export const KINDS = ["pass", "fail", "unknown", "wrong type", "absent", "secret"] as const;

export interface Case {
  readonly kind: (typeof KINDS)[number];
  readonly title: string;
  /** The resources of the stack; a resource rule is asked about each. */
  readonly resources: readonly ResourceView[];
  readonly verdicts: readonly ("violated" | "unverified")[];
  /** Texts that the messages must contain. */
  readonly says?: readonly string[];
  /** Texts that no message may contain. */
  readonly hides?: readonly string[];
}

export function resource(type: string, props: Value, name = "it"): ResourceView {
  return { urn: `urn:pulumi:test::project::${type}::${name}`, type, name, props };
}

export const app = (props: Value, name = "app"): ResourceView => resource("scaling-ladder:app:LocalApp", props, name);

export const stackOutputs = (props: Value): ResourceView => resource("pulumi:pulumi:Stack", props, "project-test");

export function ruleNamed(name: string): Rule {
  const rule = RULES.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
}

/** What a rule finds in a stack. */
export function judge(rule: Rule, resources: readonly ResourceView[]) {
  return rule.scope === "stack" ? rule.check({ resources }) : resources.flatMap((one) => rule.check(one));
}
