import type { Report } from "./finding";
import type { Verdict } from "./verdict";

/** What became of a check: held everywhere, or where it did not, at worst. */
export type Outcome = "satisfied" | "ours" | "waived" | "open";

/** The outcome of every check that the tools asked about our resources, by its name. */
export function coverageOf(report: Report, verdict: Verdict): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>(report.satisfied.map((check) => [check, "satisfied"]));
  // The worst comes last.
  for (const outcome of ["waived", "ours", "open"] as const)
    for (const { check } of verdict[outcome]) outcomes.set(check, outcome);
  return new Map([...outcomes].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true })));
}

/** The table of coverage.tsv: a check and its outcome in each line. */
export const writeCoverage = (coverage: ReadonlyMap<string, Outcome>): string =>
  [...coverage].map(([check, outcome]) => `${check}\t${outcome}\n`).join("");
