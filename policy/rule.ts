import type { Value } from "./value";

/** A resource as a rule sees it. For a resource rule `props` are its inputs; for a stack rule, outputs over inputs. */
export interface ResourceView {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Value;
}

/** All resources of a stack, its own `pulumi:pulumi:Stack` with the stack outputs among them. */
export interface StackView {
  readonly resources: readonly ResourceView[];
}

/**
 * What a rule has to say. `unverified`: a value that it needs is not known before `pulumi up`; it never stops a run,
 * and it is never silent. Messages name properties, never secret values.
 */
export interface Judgement {
  readonly verdict: "violated" | "unverified";
  readonly message: string;
  /** The resource that is meant; a resource rule leaves it out. */
  readonly urn?: string;
}

/** What is told about every rule, in findings and in docs/policies.md. */
export interface RuleInfo {
  readonly name: string;
  /** One sentence that a stack which keeps the rule makes true. */
  readonly description: string;
  readonly why: string;
  /** How to fix a violation. */
  readonly remedy: string;
  /** The requirements, decisions and controls that the rule shows. */
  readonly ids: readonly string[];
  /** A violated mandatory rule stops the run; an advisory one is only shown. */
  readonly level: "mandatory" | "advisory";
}

/** A rule that one resource alone decides. It stops a run before that resource is touched. */
export interface ResourceRule extends RuleInfo {
  readonly scope: "resource";
  /** Type tokens it is about; a trailing `*` stands for any ending. */
  readonly types: readonly string[];
  check(resource: ResourceView): readonly Judgement[];
}

/** A rule that needs several resources, or the stack outputs. The engine asks it when all steps are known. */
export interface StackRule extends RuleInfo {
  readonly scope: "stack";
  check(stack: StackView): readonly Judgement[];
}

export type Rule = ResourceRule | StackRule;

/** True when a type token is one of those that a rule names. */
export function matchesType(types: readonly string[], type: string): boolean {
  return types.some((wanted) => (wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted));
}
