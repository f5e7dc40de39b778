import { existsSync } from "node:fs";
import type { Command } from "commander";
import { refuseUnavailableTier, type TierName } from "../../settings";
import { heading, print, printJson, printRows } from "../console";
import { openEngine } from "../engine";
import { fateOf } from "../fate";
import { localPlaces } from "../local";
import { addJson, addStack, addYes } from "../options";
import { type Changes, changeSummary } from "../plan";
import { settingsOf } from "../project";
import { consentToDestroy, type RunOptions, takeDown } from "../run";

/** `ladder destroy`: takes a stack down. Databases, files and backups stay where they are. */
export function addDestroy(program: Command): void {
  const command = program
    .command("destroy")
    .summary("take a stack down; local data stays")
    .description(
      "Takes a stack down. The database, files and backups of tier development stay where they are, and `up` adopts them again. A stack in a cloud is refused while its deletionProtection is on.",
    );
  addYes(addJson(addStack(command))).action(async (stack: string, options: RunOptions) => {
    const settings = settingsOf(stack, "warn");
    refuseUnavailableTier(settings);
    const fate = fateOf(settings);
    await consentToDestroy(stack, fate, options);
    const changes = await takeDown(await openEngine(), stack, options);
    if (settings.tier !== "development") {
      tellCloud({ stack, tier: settings.tier, changes, kept: fate.stays }, options);
      return;
    }
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

interface Destroyed {
  readonly stack: string;
  readonly tier: TierName;
  readonly changes: Changes;
  readonly kept: readonly string[];
}

/** What a destroyed stack leaves is told by name, because it goes on costing money and can be restored from. */
function tellCloud(destroyed: Destroyed, { json }: RunOptions): void {
  if (json) {
    printJson(destroyed);
    return;
  }
  const { stack, changes, kept } = destroyed;
  print();
  print(`${heading(`Stack ${stack} is down`)}: ${changeSummary(changes)}.${kept.length === 0 ? "" : " What stays:"}`);
  for (const line of kept) print(`  ${line}`);
}
