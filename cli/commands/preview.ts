import type { Command } from "commander";
import { refuseUnavailableTier } from "../../settings";
import { print, printJson } from "../console";
import { openEngine } from "../engine";
import { addJson, addStack } from "../options";
import { describePlan } from "../plan";
import { settingsOf } from "../project";
import { planOrRefuse } from "../run";

/** `ladder preview`: what `up` would do, drift included. Changes nothing. */
export function addPreview(program: Command): void {
  const command = program
    .command("preview")
    .summary("show what `up` would change")
    .description("Shows what `up` would do, after looking at what is really there. Changes nothing.");
  addJson(addStack(command)).action(async (stack: string, options: { json: boolean }) => {
    const settings = settingsOf(stack);
    refuseUnavailableTier(settings);
    const { changes, steps, drift, nothingToDo } = await planOrRefuse(await openEngine(), stack, "look");
    if (options.json) {
      printJson({ stack, tier: settings.tier, changes, steps, drift });
      return;
    }
    for (const line of describePlan({ steps, drift })) print(line);
    print(
      nothingToDo
        ? `Stack ${stack}: nothing to change.`
        : `Stack ${stack} would change; npx ladder up ${stack} carries it out.`,
    );
  });
}
