import type { Finding } from "./finding";
import type { Violation } from "./ours";
import { covers, type Waiver } from "./waivers";

/** What became of the findings about some stacks. */
export interface Verdict {
  /** Found by a rule of ours as well. */
  readonly ours: readonly Finding[];
  readonly waived: readonly Finding[];
  /** Neither: to be mended, made a rule of, or argued. */
  readonly open: readonly Finding[];
  /** What is wrong with the waivers, as sentences. */
  readonly problems: readonly string[];
}

/** The names of our rules that make the same demand as a check. */
export type RulesFor = (check: string) => readonly string[];

/**
 * Judges findings. One is ours when a rule with the same demand found it too; a rule that lets the resource pass does not
 * count: then it must be said why, in a waiver.
 * @param today YYYY-MM-DD, UTC.
 */
export function judge(
  findings: readonly Finding[],
  violations: readonly Violation[],
  rulesFor: RulesFor,
  waivers: readonly Waiver[],
  today: string,
): Verdict {
  const violated = new Set(violations.map(({ policy, urn }) => `${policy} ${urn}`));
  const isOurs = ({ check, urn }: Finding) => rulesFor(check).some((rule) => violated.has(`${rule} ${urn}`));
  const isWaived = ({ check, urn }: Finding) =>
    waivers.some((waiver) => waiver.check === check && today <= waiver.reviewBy && covers(waiver, urn));
  const ours = findings.filter(isOurs);
  const others = findings.filter((finding) => !isOurs(finding));
  return {
    ours,
    waived: others.filter(isWaived),
    open: others.filter((finding) => !isWaived(finding)),
    problems: waivers.flatMap((waiver) => problemsOf(waiver, others, today)),
  };
}

function problemsOf(waiver: Waiver, findings: readonly Finding[], today: string): readonly string[] {
  const what = `The waiver of ${waiver.check} for ${waiver.urn} (${waiver.owner})`;
  if (waiver.reviewBy < today) return [`${what} was to be reviewed by ${waiver.reviewBy}.`];
  const needed = findings.some(({ check, urn }) => check === waiver.check && covers(waiver, urn));
  return needed ? [] : [`${what} matches no finding.`];
}
