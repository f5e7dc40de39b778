import type { LimitName, Limits, ProfileName } from "./limits";
import type { ResourceView } from "./reading/resource";
import type { StackView } from "./reading/stackView";

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

/** A violated mandatory rule stops the run; an advisory one is only shown; a disabled one is not asked. */
export type Level = "mandatory" | "advisory" | "disabled";

export type Levels = Readonly<Record<ProfileName, Level>>;

export const ALWAYS: Levels = { dev: "mandatory", prod: "mandatory" };
export const FROM_ENTERPRISE: Levels = { dev: "advisory", prod: "mandatory" };
export const ONLY_FROM_ENTERPRISE: Levels = { dev: "disabled", prod: "mandatory" };
export const ADVICE: Levels = { dev: "advisory", prod: "advisory" };

/** What is told about every rule, in findings and in docs/policies.md. */
export interface RuleInfo {
  readonly name: string;
  /** One sentence that a stack which keeps the rule makes true. */
  readonly description: string;
  readonly why: string;
  /** How to fix a violation. */
  readonly remedy: string;
  /**
   * The requirements and decisions (S0-12, C-05), and the controls of others that the rule shows: AWS Security Hub
   * (`RDS.3`), CIS (`CIS-AWS 3.2.1`, `CIS-K8s 5.2.2`), Checkov (`CKV_AWS_16`). Never empty.
   */
  readonly ids: readonly string[];
  readonly levels: Levels;
  /** The limits that it reads, which a policy-pack configuration may set (policy/limits.ts). */
  readonly limits?: readonly LimitName[];
}

/** A rule that one resource alone decides. It stops a run before that resource is touched. */
export interface ResourceRule extends RuleInfo {
  readonly scope: "resource";
  /** Type tokens it is about; a trailing `*` stands for any ending. */
  readonly types: readonly string[];
  check(resource: ResourceView, limits: Limits): readonly Judgement[];
}

/** A rule that needs several resources, or the stack outputs. The engine asks it when all steps are known. */
export interface StackRule extends RuleInfo {
  readonly scope: "stack";
  check(stack: StackView, limits: Limits): readonly Judgement[];
}

export type Rule = ResourceRule | StackRule;

/** True when a type token is one of those that a rule names. */
export function matchesType(types: readonly string[], type: string): boolean {
  return types.some((wanted) => (wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted));
}
