import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findEngine } from "../engine";
import { LEVELS, type Level } from "./levels";
import { PROJECT, REPORTS, readReport, reportFile } from "./reports";
import { printSummary, readSummary } from "./requirements";

/** `npm test`: everything that CI runs, quickest first. `npm test -- unit policy` runs only these levels. */
async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !LEVELS.some((level) => level.name === name));
  if (unknown.length > 0) {
    console.error(`There is no level ${unknown.join(", ")}. Levels: ${LEVELS.map(({ name }) => name).join(", ")}.`);
    process.exit(2);
  }
  const levels = LEVELS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });

  const total: Outcome = { passed: 0, failed: 0 };
  const add = (outcome: Outcome) => {
    total.passed += outcome.passed;
    total.failed += outcome.failed;
  };
  if (wanted.length === 0) {
    add(await check("style", ["biome", "check", "."]));
    add(await check("types", ["tsc", "--noEmit"]));
  }
  for (const level of levels) add(await runLevel(level));

  if (wanted.length === 0) printSummary(readSummary());
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

interface Outcome {
  passed: number;
  failed: number;
}

async function check(what: string, command: readonly string[]): Promise<Outcome> {
  const code = await timed(what, command);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runLevel({ name, needsEngine }: Level): Promise<Outcome> {
  // Said here, with progress, and not as the silence of the first test that needs it.
  if (needsEngine) await findEngine({ root: PROJECT, env: process.env, progress: console.log });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile(name)}`];
  const code = await timed(name, ["vitest", "run", "--project", name, ...reporters]);
  const report = readReport(name);
  const failed = (report?.failed ?? 0) + (report?.skipped ?? 0);
  if (report !== undefined && report.skipped > 0)
    console.error(`${report.skipped} tests of level ${name} were skipped, which counts as failed.`);
  // A file that cannot even be loaded fails no test of its own.
  return { passed: report?.passed ?? 0, failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function timed(what: string, [program = "", ...args]: readonly string[]): Promise<number> {
  console.log(`\n== ${what}`);
  const started = Date.now();
  const code = await new Promise<number>((done) => {
    const child = spawn(process.execPath, [join(PROJECT, "node_modules", BINARIES[program] ?? program), ...args], {
      cwd: PROJECT,
      stdio: "inherit",
      env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" },
    });
    child.on("error", () => done(1));
    child.on("close", (status) => done(status ?? 1));
  });
  console.log(`== ${what}: ${code === 0 ? "ok" : "FAILED"} after ${Math.round((Date.now() - started) / 1000)} s`);
  return code;
}

/** Started with this very Node, so that no shell and no PATH decides which one runs. */
const BINARIES: Readonly<Record<string, string>> = {
  biome: "@biomejs/biome/bin/biome",
  tsc: "typescript/bin/tsc",
  vitest: "vitest/vitest.mjs",
};

void main();
