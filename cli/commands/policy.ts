import type { Command } from "commander";
import { type PolicyRun, type RunEngine, runPolicies } from "../../policy/run";
import { renderPolicyRun } from "../../policy/table";
import { AVAILABLE_TIERS, ExitCode, refuseUnavailableTier, UserError } from "../../settings";
import { readStackSettings } from "../../settings/stackFile";
import { print, printJson, progress } from "../console";
import { openEngine } from "../engine";
import { interrupted } from "../interrupt";
import { addJson } from "../options";
import { ROOT, settingsOf, stackNames } from "../project";

/** `ladder policy`: the policy pack over a preview. Fails on a mandatory violation. */
export function addPolicy(program: Command): void {
  const command = program
    .command("policy")
    .summary("check policies over a preview")
    .description("Runs the policy pack over a preview of the stacks, or of every stack that this release can preview.")
    .argument("[stacks...]", "the stacks (default: every stack that can be previewed)");
  addJson(command).action(async (named: string[], { json }: { json: boolean }) => {
    const stacks = named.length > 0 ? named : previewable();
    for (const stack of named) refuseUnavailableTier(settingsOf(stack));
    const engine = await openEngine();
    const runs: PolicyRun[] = [];
    for (const stack of stacks) {
      await engine.prepare(stack, "look");
      progress(`Previewing stack ${stack} with the policy pack ...`);
      const preview: RunEngine = async (args, env) => {
        const run = await engine.run(args, { stdio: "pipe", env });
        if (run.interrupted) throw interrupted(`The preview of stack ${stack}`);
        return run;
      };
      runs.push(await runPolicies(stack, preview));
    }
    if (json) printJson(runs);
    else for (const run of runs) print(renderPolicyRun(run));
    if (runs.some(({ refused }) => refused))
      throw new UserError("A mandatory policy is violated; the table tells how to mend it.", ExitCode.refused);
  });
}

/** Stacks whose settings are wrong are not passed over: their preview fails and says why. */
function previewable(): string[] {
  return stackNames().filter((stack) => {
    const { settings } = readStackSettings(ROOT, stack);
    return AVAILABLE_TIERS.includes(settings.tier);
  });
}
