import { join } from "node:path";
import { ExitCode, UserError } from "../settings/errors";
import { buildPack } from "./build";
import { type PolicyEvents, readPolicyEvents } from "./events";
import { readMessage } from "./message";
import type { RuleInfo } from "./rule";
import { RULES } from "./rules";

/** The pack as the engine takes it: an executable file, which every engine can start. */
const PACK = join(__dirname, "pack");

export interface EngineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the engine in the project, with these variables added to its environment. */
export type RunEngine = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<EngineResult>;

/** One judgement about one resource, with all that is needed to act on it. */
export interface Finding {
  readonly policy: string;
  readonly level: RuleInfo["level"];
  readonly verdict: "violated" | "unverified";
  readonly urn: string;
  readonly message: string;
  readonly remedy: string;
  readonly ids: readonly string[];
}

/** What became of a rule. `not applicable`: the stack has nothing that it is about. `not reached`: the preview failed first. */
export interface RuleOutcome {
  readonly policy: string;
  readonly level: RuleInfo["level"];
  readonly ids: readonly string[];
  readonly verdict: "passed" | "violated" | "unverified" | "not applicable" | "not reached";
}

export interface PolicyRun {
  readonly stack: string;
  readonly outcomes: readonly RuleOutcome[];
  readonly findings: readonly Finding[];
  /** True when a mandatory rule is violated. */
  readonly refused: boolean;
}

function findingsOf(events: PolicyEvents): readonly Finding[] {
  return RULES.flatMap((rule) =>
    events.reports
      .filter((report) => report.policy === rule.name)
      .map(({ urn, message }) => ({
        policy: rule.name,
        level: rule.level,
        urn,
        ...readMessage(rule, message),
        remedy: rule.remedy,
        ids: rule.ids,
      })),
  );
}

function outcomesOf(events: PolicyEvents, findings: readonly Finding[]): readonly RuleOutcome[] {
  return RULES.map(({ name, level, ids, scope }): RuleOutcome => {
    const verdicts = findings.filter((finding) => finding.policy === name).map((finding) => finding.verdict);
    const outcome = { policy: name, level, ids };
    if (verdicts.includes("violated")) return { ...outcome, verdict: "violated" };
    if (verdicts.includes("unverified")) return { ...outcome, verdict: "unverified" };
    if (events.applied.has(name)) return { ...outcome, verdict: "passed" };
    const reached = scope === "resource" || events.stackJudged;
    return { ...outcome, verdict: reached ? "not applicable" : "not reached" };
  });
}

/** A run that judged nothing must not look like a run that found nothing. */
function refuseVacuous(stack: string, events: PolicyEvents): void {
  const silent = RULES.filter((rule) => rule.scope === "stack" && !events.applied.has(rule.name));
  if (RULES.some((rule) => events.applied.has(rule.name)) && silent.length === 0) return;
  const who = silent.length === 0 ? "no rule" : `nothing about ${silent.map((rule) => rule.name).join(", ")}`;
  throw new UserError(
    `The preview of stack ${stack} succeeded, but the policy pack reported ${who}, so the stack is not shown to keep it. ` +
      "Check that no policy-pack configuration disables these rules, then run `npm run policy` again.",
    ExitCode.refused,
  );
}

async function compile(): Promise<void> {
  try {
    await buildPack(__dirname);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The policy pack could not be compiled into ${join(__dirname, "bin")}, so nothing was judged: ${reason}. ` +
        "The folder must be writable, and `npm install` must have run.",
      ExitCode.failed,
    );
  }
}

/**
 * Judges a stack by a preview with the policy pack, which is compiled first when it has changed.
 *
 * Throws a UserError when the pack cannot be compiled, when the preview fails for a reason other than a policy, and
 * when the pack judged nothing.
 */
export async function runPolicies(stack: string, runEngine: RunEngine): Promise<PolicyRun> {
  await compile();
  const args = ["preview", "--stack", stack, "--json", "--non-interactive", "--policy-pack", PACK];
  const { code, stdout, stderr } = await runEngine(args, { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" });
  const events = readPolicyEvents(stdout);
  const findings = findingsOf(events);
  const refused = findings.some((finding) => finding.level === "mandatory" && finding.verdict === "violated");
  if (code !== 0 && !refused) {
    const said = events.errors.length > 0 ? events.errors.join("\n") : stderr.trim();
    throw new UserError(
      `The preview of stack ${stack} failed, so its policies were not judged:\n${said}`,
      ExitCode.failed,
    );
  }
  if (code === 0) refuseVacuous(stack, events);
  return { stack, outcomes: outcomesOf(events, findings), findings, refused };
}
