import type { Command } from "commander";
import { newestBackup } from "../../local/backup/list";
import { databaseName } from "../../local/backup/names";
import { restoreBackup } from "../../local/backup/restore";
import { UserError } from "../../settings";
import { heading, print, printJson, progress } from "../console";
import { interruptible } from "../interrupt";
import { localPlaces } from "../local";
import { addJson, addStack } from "../options";
import { typedPath } from "../project";

interface RestoreOptions {
  readonly json: boolean;
  readonly to: string;
  readonly from?: string;
}

/** `ladder restore`: a backup to a new file, never over one that exists. */
export function addRestore(program: Command): void {
  const command = program
    .command("restore")
    .summary("restore a backup to a new file")
    .description("Proves a backup and restores it to a new file. Nothing that exists is ever written over.")
    .requiredOption("--to <file>", "the new database file")
    .option("--from <backup>", "the backup to restore (default: the newest)");
  addJson(addStack(command)).action(async (stack: string, options: RestoreOptions) => {
    const places = localPlaces(stack);
    const backup =
      options.from === undefined
        ? (await newestBackup(places.backups, databaseName(places.database)))?.file
        : typedPath(options.from);
    if (backup === undefined)
      throw new UserError(
        `There is no backup in ${places.backups} yet. Make one with: npx ladder backup create ${stack}`,
      );
    progress(`Proving and restoring ${backup} ...`);
    const { database, manifest, nextStep } = await interruptible((signal) =>
      restoreBackup({ backup, to: typedPath(options.to), signal }),
    );
    if (options.json) printJson({ stack, backup, database, created: manifest.created });
    else print(`${heading("Restored")} the state of ${manifest.created} to ${database}. ${nextStep}`);
  });
}
