import type { Finding } from "../running/findings";

/** What one rule found about one resource, the gravest first. Programs tell findings apart by rule and resource. */
export type Subject = readonly [worst: Finding, ...others: Finding[]];

const GRAVITY: readonly Finding["verdict"][] = ["violated", "unverified", "exempt"];

/** The findings of a run by rule and resource, in their order. */
export function subjectsOf(findings: readonly Finding[]): readonly Subject[] {
  const subjects = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = `${finding.policy} ${finding.urn}`;
    const subject = subjects.get(key);
    if (subject === undefined) subjects.set(key, [finding]);
    else subject.push(finding);
  }
  for (const subject of subjects.values())
    subject.sort((one, other) => GRAVITY.indexOf(one.verdict) - GRAVITY.indexOf(other.verdict));
  return [...subjects.values()];
}

/** Everything that was found about a subject, and what to do, as lines of text. */
export function textOf(subject: Subject): string {
  const [{ verdict, remedy, exemption }] = subject;
  const found = [...new Set(subject.map(({ message }) => message))];
  const next = {
    violated: `Fix: ${remedy}`,
    unverified: "It is decided when the stack is up.",
    exempt: `Exempt until ${exemption ?? "further notice"}`,
  }[verdict];
  return [...found, next].join("\n");
}

/** What is left of a URN when the stack and the project, which are the same in a run, are taken off. */
export const shortened = (urn: string): string => urn.split("::").slice(2).join("::") || urn;
