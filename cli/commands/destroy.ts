import { existsSync } from "node:fs";
import type { Command } from "commander";
import { refuseUnavailableTier } from "../../settings";
import { heading, print, printJson, printRows } from "../console";
import { openEngine } from "../engine";
import { localPlaces } from "../local";
import { addJson, addStack, addYes } from "../options";
import { settingsOf } from "../project";
import { consentToDestroy, type RunOptions, takeDown } from "../run";

/** `ladder destroy`: takes a stack down. Databases, files and backups stay where they are. */
export function addDestroy(program: Command): void {
  const command = program
    .command("destroy")
    .summary("take a stack down; data stays")
    .description(
      "Takes a stack down. The database, files and backups of tier development stay where they are, and `up` adopts them again.",
    );
  addYes(addJson(addStack(command))).action(async (stack: string, options: RunOptions) => {
    const settings = settingsOf(stack, "warn");
    refuseUnavailableTier(settings);
    await consentToDestroy(stack, options);
    const changes = await takeDown(await openEngine(), stack, options);
    const { database, files, backups } = localPlaces(stack, "warn");
    const kept = Object.entries({ database, files, backups }).filter(([, path]) => existsSync(path));
    if (options.json) {
      printJson({ stack, tier: settings.tier, changes, kept: Object.fromEntries(kept) });
      return;
    }
    print();
    print(`${heading(`Stack ${stack} is down`)}. ${kept.length === 0 ? "It held no data." : "Its data is kept:"}`);
    if (kept.length > 0) printRows(kept);
    print(`npx ladder up ${stack} adopts what is there.`);
  });
}
