import type { Command } from "commander";
import type { PolicyRun } from "../../policy/run";
import { renderPolicyRun } from "../../policy/table";
import { AVAILABLE_TIERS, ExitCode, refuseUnavailableTier, type Settings, UserError } from "../../settings";
import { readStackSettings } from "../../settings/stackFile";
import { print, printJson } from "../console";
import { type OpenEngine, openEngine } from "../engine";
import { judge } from "../judge";
import { addJson } from "../options";
import { ROOT, settingsOf, stackNames } from "../project";
import { openRehearsal, rehearsable } from "../rehearsal/engine";

interface Options {
  readonly real: boolean;
  readonly json: boolean;
}

interface Stack {
  readonly stack: string;
  readonly settings: Settings;
}

/** What was judged, and whether its clouds were simulated. */
interface Judged extends PolicyRun {
  readonly rehearsal: boolean;
}

const REHEARSED = "Judged over a rehearsal: its clouds were simulated on this machine (--real judges the real ones).";

/** `ladder policy`: the policy pack over a preview. Fails on a mandatory violation. */
export function addPolicy(program: Command): void {
  const command = program
    .command("policy")
    .summary("check policies over a preview")
    .description(
      "Runs the policy pack over a preview of the stacks, or of every stack that this release can preview. A stack of cloud resources is previewed as in a rehearsal, against simulated clouds, so that no account is needed.",
    )
    .argument("[stacks...]", "the stacks (default: every stack that can be previewed)")
    .option("--real", "preview against the real clouds, with the credentials of this machine", false);
  addJson(command).action(async (named: string[], { real, json }: Options) => {
    const stacks = named.length > 0 ? named.map((stack) => ({ stack, settings: settingsOf(stack) })) : previewable();
    for (const { settings } of stacks) refuseUnavailableTier(settings);
    const runs = await judgeAll(stacks, real);
    if (json) printJson(runs);
    else runs.forEach(printJudged);
    if (runs.some(({ refused }) => refused))
      throw new UserError("A mandatory policy is violated; the table tells how to mend it.", ExitCode.refused);
  });
}

/** Stacks whose settings are wrong are not passed over: they end the command, which says why. */
function previewable(): Stack[] {
  return stackNames()
    .map((stack) => ({ stack, settings: readStackSettings(ROOT, stack).settings }))
    .filter(({ settings }) => AVAILABLE_TIERS.includes(settings.tier));
}

async function judgeAll(stacks: readonly Stack[], real: boolean): Promise<Judged[]> {
  const runs: Judged[] = [];
  let engine: OpenEngine | undefined;
  for (const { stack, settings } of stacks) {
    if (real || isLocal(settings)) {
      engine ??= await openEngine();
      runs.push({ ...(await judge(engine, stack)), rehearsal: false });
    } else runs.push({ ...(await judgeRehearsed(stack, settings)), rehearsal: true });
  }
  return runs;
}

/** A stack without clouds is previewed as it is: there is nothing to simulate. */
const isLocal = ({ tier }: Settings): boolean => tier === "development" || tier === "small-team";

async function judgeRehearsed(stack: string, settings: Settings): Promise<PolicyRun> {
  const engine = await openRehearsal(stack, rehearsable(stack, settings));
  try {
    return await judge(engine, stack);
  } finally {
    engine.stop();
  }
}

function printJudged(run: Judged): void {
  print(renderPolicyRun(run));
  if (run.rehearsal) print(REHEARSED);
}
