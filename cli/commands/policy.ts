import type { Command } from "commander";
import { renderJunit } from "../../policy/reports/junit";
import { pageAddress } from "../../policy/reports/page";
import { renderSarif } from "../../policy/reports/sarif";
import { renderPolicyRun } from "../../policy/reports/table";
import type { PolicyRun } from "../../policy/running/findings";
import { AVAILABLE_TIERS, ExitCode, refuseUnavailableTier, type Settings, UserError } from "../../settings";
import { readStackSettings } from "../../settings/stackFile";
import { print, printJson } from "../console";
import { type OpenEngine, openEngine } from "../engine";
import { judge, judgesOf } from "../judge";
import { addConfig, addJson } from "../options";
import { type OwnConfig, readPolicyConfig, writeReport } from "../policyFiles";
import { ROOT, stackNames } from "../project";
import { openRehearsal, rehearsable } from "../rehearsal/engine";
import { type Overrides, overriddenSettings } from "../rehearsal/overrides";

interface Options {
  readonly real: boolean;
  readonly json: boolean;
  readonly sarif?: string;
  readonly junit?: string;
  readonly policyConfig?: string;
  readonly config: Overrides;
}

interface Stack {
  readonly stack: string;
  readonly settings: Settings;
  readonly overrides: Overrides;
}

/** What was judged, and whether its clouds were simulated. */
interface Judged extends PolicyRun {
  readonly rehearsal: boolean;
}

const REHEARSED = "Judged over a rehearsal: its clouds were simulated on this machine (--real judges the real ones).";

/** `ladder policy`: the policy pack over a preview, and over the state of what is up. Fails on a mandatory violation. */
export function addPolicy(program: Command): void {
  const command = program
    .command("policy")
    .summary("check policies over a preview, and over what is up")
    .description(
      "Runs the policy pack over a preview of the stacks, or of every stack that this release can preview; and where a stack is up, over its state as well, which decides what a preview cannot know. A stack of cloud or Kubernetes resources is judged as it is rehearsed, against simulated clouds, so that no account is needed.",
    )
    .argument("[stacks...]", "the stacks (default: every stack that can be previewed)")
    .option("--real", "judge the real stack in the real clouds, with the credentials of this machine", false)
    .option("--policy-config <file>", "levels and limits of your own over the tier's profile (docs/policies.md)")
    .option("--sarif <file>", "write the findings as SARIF 2.1.0 as well")
    .option("--junit <file>", "write the findings as JUnit XML as well");
  addJson(addConfig(command)).action(async (named: string[], options: Options) => {
    const { real, json, sarif, junit, policyConfig, config } = options;
    if (config.length > 0 && (real || named.length !== 1))
      throw new UserError("--config is for the rehearsal of one stack: name that stack, and leave --real out.");
    const own = policyConfig === undefined ? {} : readPolicyConfig(policyConfig);
    const stacks = named.length > 0 ? named.map((stack) => stackWith(stack, config)) : previewable();
    for (const { settings } of stacks) refuseUnavailableTier(settings);
    const runs = await judgeAll(stacks, real, own);
    if (sarif !== undefined) writeReport(sarif, renderSarif(runs, pageAddress(process.env)));
    if (junit !== undefined) writeReport(junit, renderJunit(runs));
    if (json) printJson(runs);
    else runs.forEach(printJudged);
    if (runs.some(({ refused }) => refused))
      throw new UserError("A mandatory policy is violated; the table tells how to mend it.", ExitCode.refused);
  });
}

function stackWith(stack: string, overrides: Overrides): Stack {
  const settings = overriddenSettings(stack, overrides);
  if (overrides.length > 0 && isLocal(settings))
    throw new UserError(`--config is for a rehearsal, and stack ${stack} of tier ${settings.tier} is judged as it is.`);
  return { stack, settings, overrides };
}

/** Stacks whose settings are wrong are not passed over: they end the command, which says why. */
function previewable(): Stack[] {
  return stackNames()
    .map((stack) => ({ stack, settings: readStackSettings(ROOT, stack).settings, overrides: [] }))
    .filter(({ settings }) => AVAILABLE_TIERS.includes(settings.tier));
}

async function judgeAll(stacks: readonly Stack[], real: boolean, own: OwnConfig): Promise<Judged[]> {
  const runs: Judged[] = [];
  let engine: OpenEngine | undefined;
  for (const { stack, settings, overrides } of stacks) {
    if (real || isLocal(settings)) {
      engine ??= await openEngine();
      runs.push({ ...(await judge(engine, stack, judgesOf(settings, own))), rehearsal: false });
    } else runs.push({ ...(await judgeRehearsed(stack, overrides, own)), rehearsal: true });
  }
  return runs;
}

/** A stack without clouds is previewed as it is: there is nothing to simulate. */
const isLocal = ({ tier }: Settings): boolean => tier === "development";

async function judgeRehearsed(stack: string, overrides: Overrides, own: OwnConfig): Promise<PolicyRun> {
  const rehearsed = rehearsable(stack, overrides);
  const engine = await openRehearsal(rehearsed);
  try {
    return await judge(engine, stack, judgesOf(rehearsed.settings, own));
  } finally {
    engine.stop();
  }
}

function printJudged(run: Judged): void {
  print(renderPolicyRun(run));
  if (run.rehearsal) print(REHEARSED);
}
