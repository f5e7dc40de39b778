import { Command } from "commander";
import { version } from "../package.json";
import { addBackup } from "./commands/backup";
import { addCompose } from "./commands/compose";
import { addDestroy } from "./commands/destroy";
import { addDoctor } from "./commands/doctor";
import { addExportSqlite } from "./commands/exportSqlite";
import { addFiles } from "./commands/files";
import { addImportPostgres } from "./commands/importPostgres";
import { addMetrics } from "./commands/metrics";
import { addMigrateStorage } from "./commands/migrateStorage";
import { addPolicy } from "./commands/policy";
import { addPreview } from "./commands/preview";
import { addPreviewCheck } from "./commands/previewCheck";
import { addPromote } from "./commands/promote";
import { addPulumi } from "./commands/pulumi";
import { addRehearse } from "./commands/rehearse";
import { addRestore } from "./commands/restore";
import { addSchema } from "./commands/schema";
import { addStatus } from "./commands/status";
import { addUp } from "./commands/up";
import { addWallets } from "./commands/wallets";

const COMMANDS = [
  addUp,
  addPreview,
  addPreviewCheck,
  addDestroy,
  addStatus,
  addBackup,
  addRestore,
  addSchema,
  addWallets,
  addPromote,
  addFiles,
  addMigrateStorage,
  addExportSqlite,
  addImportPostgres,
  addMetrics,
  addPolicy,
  addRehearse,
  addCompose,
  addDoctor,
  addPulumi,
];

/** The `ladder` command line: one file per command, each of which parses, calls and shows. */
export async function createProgram(): Promise<Command> {
  const program = new Command("ladder")
    .description("Carries an AI web platform from one SQLite file to ten million users.")
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("(ladder --help, or ladder <command> --help, tells what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done · 1 failed · 2 wrong usage or settings · 3 something is missing on this machine · 4 refused for safety · 130 interrupted",
    );
  for (const add of COMMANDS) add(program);
  const { default: completion } = await import("@bomb.sh/tab/commander");
  completion(program);
  return program;
}
