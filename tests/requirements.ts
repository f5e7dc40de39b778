import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT, readReport, reportedLevels } from "./reports";

/** Which of the requirements in docs/requirements.md are named by a test that passed. */
export interface Summary {
  readonly shown: readonly { readonly id: string; readonly tests: readonly string[] }[];
  readonly open: readonly string[];
  /** Ids in titles that docs/requirements.md does not know. */
  readonly unknown: readonly string[];
}

const ID = /\bS[0-4]-\d{2}\b/g;

/** Matches titles against requirements. */
export function summarise(ids: readonly string[], titles: readonly string[]): Summary {
  const named = new Map<string, string[]>();
  for (const title of titles) for (const [id] of title.matchAll(ID)) named.set(id, [...(named.get(id) ?? []), title]);
  return {
    shown: ids.filter((id) => named.has(id)).map((id) => ({ id, tests: named.get(id) ?? [] })),
    open: ids.filter((id) => !named.has(id)),
    unknown: [...named.keys()].filter((id) => !ids.includes(id)),
  };
}

/** The ids of all requirements, in the order of the page. */
export function requirementIds(page: string): string[] {
  return [...page.matchAll(/^\| (S[0-4]-\d{2}) \|/gm)].flatMap(([, id]) => id ?? []);
}

export function readSummary(): Summary {
  const ids = requirementIds(readFileSync(join(PROJECT, "docs", "requirements.md"), "utf8"));
  return summarise(
    ids,
    reportedLevels().flatMap((level) => readReport(level)?.titles ?? []),
  );
}

export function printSummary({ shown, open, unknown }: Summary): void {
  const total = shown.length + open.length;
  console.log(
    `\nRequirements: ${shown.length} of ${total} are shown by a passing test, ${open.length} by none (npm run requirements lists them).`,
  );
  if (unknown.length > 0) console.log(`Tests name ids that docs/requirements.md does not have: ${unknown.join(", ")}`);
}

function main(): void {
  if (reportedLevels().length === 0) {
    console.error("There are no test results yet, so the tests run first.");
    spawnSync(process.execPath, [join(PROJECT, "cli", "bootstrap.cjs"), "tests/run.ts"], {
      cwd: PROJECT,
      stdio: "inherit",
    });
  }
  const summary = readSummary();
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(summary, null, 2));
    return;
  }
  console.log("Shown by a passing test:");
  for (const { id, tests } of summary.shown)
    console.log(`  ${id}  ${tests[0]}${tests.length > 1 ? ` (and ${tests.length - 1} more)` : ""}`);
  console.log(`\nShown by none:\n  ${summary.open.join(" ")}`);
  printSummary(summary);
}

if (process.argv[1] === __filename) main();
