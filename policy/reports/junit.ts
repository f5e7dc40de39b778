import builder from "junit-report-builder";
import type { PolicyRun, RuleOutcome } from "../running/findings";
import { type Subject, shortened, subjectsOf, textOf } from "./subjects";

type Suite = ReturnType<typeof builder.testSuite>;

/** Characters that no XML may hold, not even escaped: the engine colours some of its texts with them. */
const UNFIT = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const fit = (text: string): string => text.replace(UNFIT, "");

/**
 * Runs as JUnit XML: a suite for each stack, in it a case for each rule, and for each resource that a rule found
 * something about.
 *
 * A violated mandatory rule is a failure. CI systems know no warning: what does not stop a run but is not kept either
 * (advice, unverified, exempt), and what was not judged, is `skipped`, so that it is never counted as passed; its text is
 * in `system-out`. Names are unique in a suite, because GitLab drops the second case of a name.
 */
export function renderJunit(runs: readonly PolicyRun[]): string {
  const report = builder.newBuilder().name("policies");
  for (const run of runs) {
    const suite = report.testSuite().name(`${run.stack} (profile ${run.profile})`);
    const subjects = subjectsOf(run.findings);
    for (const outcome of run.outcomes) {
      const found = subjects.filter(([{ policy }]) => policy === outcome.policy);
      if (found.length === 0) addOutcome(suite, run, outcome);
      for (const subject of found) addSubject(suite, run, subject);
    }
  }
  return report.build();
}

function addOutcome(suite: Suite, { stack }: PolicyRun, { policy, verdict }: RuleOutcome): void {
  const testCase = suite.testCase().className(stack).name(policy);
  if (verdict !== "passed") testCase.skipped().standardOutput(verdict);
}

function addSubject(suite: Suite, { stack }: PolicyRun, subject: Subject): void {
  const [{ policy, level, verdict, urn, message }] = subject;
  const testCase = suite
    .testCase()
    .className(stack)
    .name(fit(`${policy}: ${shortened(urn)}`))
    .file(`Pulumi.${stack}.yaml`);
  const text = fit(textOf(subject));
  if (verdict === "violated" && level === "mandatory") testCase.failure(fit(message), policy).stacktrace(text);
  else testCase.skipped().standardOutput(`${level}, ${verdict}\n${text}`);
}
