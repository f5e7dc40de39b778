import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const PROJECT = dirname(__dirname);

/** Where `npm test` keeps what each level reported last. */
export const REPORTS = join(PROJECT, ".ladder", "test-reports");

export const reportFile = (level: string): string => join(REPORTS, `${level}.json`);

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Full titles of the tests that passed. */
  readonly titles: readonly string[];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What a level reported last; undefined when it has not run. */
export function readReport(level: string): Report | undefined {
  if (!existsSync(reportFile(level))) return undefined;
  const report = JSON.parse(readFileSync(reportFile(level), "utf8")) as VitestReport;
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    titles: tests.filter(({ status }) => status === "passed").map(({ fullName }) => fullName),
  };
}

/** The levels that have reported. */
export function reportedLevels(): string[] {
  return existsSync(REPORTS) ? readdirSync(REPORTS).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []) : [];
}
