import { EXEMPTIONS_CURRENT } from "../exemptions";
import type { ProfileName } from "../limits";
import { readMessage, type Verdict } from "../message";
import type { PackConfig } from "../profile";
import type { Level, Rule, RuleInfo } from "../rule";
import { RULES } from "../rules";
import type { PolicyEvents } from "./events";

/** Where a finding comes from: a preview, or the state of what is up. */
export type Pass = "preview" | "state";

/** One judgement about one resource, with all that is needed to act on it. */
export interface Finding {
  readonly policy: string;
  readonly level: Level;
  readonly verdict: Verdict;
  readonly urn: string;
  readonly message: string;
  /** For what is exempt: until when, by whom, and why. */
  readonly exemption?: string;
  readonly remedy: string;
  readonly ids: readonly string[];
  readonly pass: Pass;
}

/** What became of a rule. `not applicable`: the stack has nothing that it is about. `not reached`: the preview failed first. */
export interface RuleOutcome {
  readonly policy: string;
  readonly level: Level;
  readonly ids: readonly string[];
  readonly verdict: Verdict | "passed" | "disabled" | "not applicable" | "not reached";
}

export interface PolicyRun {
  readonly stack: string;
  readonly profile: ProfileName;
  /** The passes that were made: after `up` the state is judged as well. */
  readonly passes: readonly Pass[];
  readonly outcomes: readonly RuleOutcome[];
  readonly findings: readonly Finding[];
  /** True when a mandatory rule is violated. */
  readonly refused: boolean;
}

/** Everything that is reported about, in the order in which it is told. */
export const REPORTED: readonly (Rule | RuleInfo)[] = [...RULES, EXEMPTIONS_CURRENT];

/** What one pass gave. */
export interface PassResult {
  readonly pass: Pass;
  readonly events: PolicyEvents;
  readonly findings: readonly Finding[];
}

export const levelOf = (rule: RuleInfo, config: PackConfig): Level =>
  config[rule.name]?.enforcementLevel ?? rule.levels.prod;

/** The findings in what a pass reported. */
export function passResult(pass: Pass, events: PolicyEvents, config: PackConfig): PassResult {
  const findings = REPORTED.flatMap((rule) =>
    events.reports
      .filter((report) => report.policy === rule.name)
      .map(
        ({ urn, message }): Finding => ({
          policy: rule.name,
          level: levelOf(rule, config),
          urn,
          ...readMessage(rule, message),
          remedy: rule.remedy,
          ids: rule.ids,
          pass,
        }),
      ),
  );
  return { pass, events, findings };
}

export const isRefusal = ({ level, verdict }: Finding): boolean => level === "mandatory" && verdict === "violated";

/** Steps of a preview that leave a resource as it is. */
const AS_IT_IS: ReadonlySet<string> = new Set(["same", "read", "refresh"]);

/**
 * The passes over a stack as one run. The preview judges what the stack is to become; the state decides what the preview
 * could not verify, where the preview leaves it as it is: the resource for a rule about one resource, and everything for
 * a rule about the stack. So what an interrupted `up` left half made never stands in the way of finishing it.
 */
export function mergePasses(
  stack: string,
  profile: ProfileName,
  config: PackConfig,
  preview: PassResult,
  state?: PassResult,
): PolicyRun {
  const { steps } = preview.events;
  const stays = (urn: string): boolean => AS_IT_IS.has(steps.get(urn) ?? "same");
  const allStays = [...steps.keys()].every(stays);
  const isDecidedByState = ({ policy, urn }: Finding): boolean => allStays || (isAboutOne(policy) && stays(urn));
  const decided = preview.findings.filter(
    (finding) =>
      state?.events.applied.has(finding.policy) && finding.verdict === "unverified" && isDecidedByState(finding),
  );
  const policies = new Set(decided.map(({ policy }) => policy));
  const kept = preview.findings.filter((finding) => !decided.includes(finding));
  const told = new Set(kept.map(textOf));
  const added = (state?.findings ?? []).filter(
    (finding) => policies.has(finding.policy) && isDecidedByState(finding) && !told.has(textOf(finding)),
  );
  const findings = REPORTED.flatMap(({ name }) => [...kept, ...added].filter(({ policy }) => policy === name));
  const passes = state === undefined ? [preview] : [preview, state];
  return {
    stack,
    profile,
    passes: passes.map(({ pass }) => pass),
    outcomes: REPORTED.map((rule) => outcomeOf(rule, config, passes, findings)),
    findings,
    refused: findings.some(isRefusal),
  };
}

/** Whether a rule is about each resource by itself. */
const isAboutOne = (policy: string): boolean =>
  RULES.some(({ name, scope }) => name === policy && scope === "resource");

const textOf = ({ policy, urn, verdict, message }: Finding): string => [policy, urn, verdict, message].join(" ");

function outcomeOf(
  rule: Rule | RuleInfo,
  config: PackConfig,
  passes: readonly PassResult[],
  findings: readonly Finding[],
): RuleOutcome {
  const { name, ids } = rule;
  const level = levelOf(rule, config);
  const outcome = { policy: name, level, ids };
  if (level === "disabled") return { ...outcome, verdict: "disabled" };
  const verdicts = findings.filter(({ policy }) => policy === name).map(({ verdict }) => verdict);
  for (const verdict of ["violated", "unverified", "exempt"] as const)
    if (verdicts.includes(verdict)) return { ...outcome, verdict };
  if (passes.some(({ events }) => events.applied.has(name))) return { ...outcome, verdict: "passed" };
  const aboutStack = !("scope" in rule) || rule.scope === "stack";
  const reached = !aboutStack || passes.some(({ events }) => events.stackJudged);
  return { ...outcome, verdict: reached ? "not applicable" : "not reached" };
}
