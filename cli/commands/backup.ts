import { type Command, Option } from "commander";
import { listBackups } from "../../local/backup/list";
import { makeBackups } from "../../local/backup/make";
import { type BackupKind, backupKinds, databaseName } from "../../local/backup/names";
import { verifyBackup } from "../../local/backup/verify";
import { ExitCode, UserError } from "../../settings";
import { age, bytes, heading, print, printJson, printRows, progress, warn } from "../console";
import { interruptible, showPhases } from "../interrupt";
import { localPlaces } from "../local";
import { addJson, addStack } from "../options";
import { typedPath } from "../project";
import { addLitestream } from "./backupLitestream";
import { addSchedule } from "./backupSchedule";

/** `ladder backup`: online backups of the SQLite file, drills that prove them, and their schedule. */
export function addBackup(program: Command): void {
  const backup = program
    .command("backup")
    .summary("make, list, prove and schedule backups")
    .description("Backups of the SQLite file of tier development, made while the application goes on writing.");
  addCreate(backup);
  addList(backup);
  addVerify(backup);
  addSchedule(backup);
  addLitestream(backup);
}

interface CreateOptions {
  readonly json: boolean;
  readonly scheduled: boolean;
  readonly kind: BackupKind;
}

function addCreate(backup: Command): void {
  const command = backup
    .command("create", { isDefault: true })
    .summary("make a backup now")
    .description(
      "Makes a consistent, compressed backup while other processes write, then removes backups older than their retention.",
    )
    .addOption(new Option("--kind <kind>", "which kind to make").choices(backupKinds).default("daily"))
    .option(
      "--scheduled",
      "make the kinds that are due: daily always, weekly on Sunday, monthly on day 1 (UTC)",
      false,
    );
  addJson(addStack(command)).action(create);
}

async function create(stack: string, options: CreateOptions): Promise<void> {
  // Nobody sees a nightly run refuse, and a backup in a shared folder is better than none.
  const { database, backups: folder, settings } = localPlaces(stack, options.scheduled ? "warn" : "refuse");
  const { dailyDays: daily, weeklyWeeks: weekly, monthlyMonths: monthly } = settings.backup;
  progress(`Backing up ${database} ...`);
  const kinds = options.scheduled ? "due" : [options.kind];
  const { made, pruned } = await interruptible((signal) =>
    makeBackups({ kinds, keep: { daily, weekly, monthly }, database, folder, signal, onProgress: showPhases() }),
  );
  for (const note of made.flatMap(({ notes }) => notes)) warn(note);
  if (options.json) {
    printJson({
      stack,
      made: made.map(({ file, manifest }) => ({ file, manifest })),
      removed: pruned.map(({ file }) => file),
    });
    return;
  }
  for (const { file, manifest } of made) {
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    print(
      `${heading("Backup made")}: ${file} (${bytes(manifest.bytes.compressed)}, ${manifest.tables.length} tables, ${rows} rows)`,
    );
  }
  for (const { file } of pruned) print(`Removed, its time was over: ${file}`);
  print(`Prove it with: npx ladder backup verify ${stack}`);
}

function addList(backup: Command): void {
  const command = backup.command("list").description("Lists the backups of a stack, newest first.");
  addJson(addStack(command)).action(async (stack: string, { json }: { json: boolean }) => {
    const places = localPlaces(stack, "warn");
    const { backups, strays } = await listBackups(places.backups, databaseName(places.database));
    if (json) {
      printJson({
        stack,
        backups: backups.map(({ file, kind, created, good, manifest }) => ({
          file,
          kind,
          created,
          good,
          bytes: manifest.bytes.compressed,
        })),
        strays,
      });
      return;
    }
    for (const { file, reason } of strays) warn(`${file}: ${reason}`);
    if (backups.length === 0)
      print(`There is no backup in ${places.backups} yet. Make one with: npx ladder backup create ${stack}`);
    else
      printRows(
        backups.map(({ file, kind, created, good, manifest }) => [
          kind,
          `${created.toISOString()}  ${bytes(manifest.bytes.compressed).padStart(10)}  ${good ? "" : "INCOMPLETE  "}${file}`,
        ]),
      );
  });
}

function addVerify(backup: Command): void {
  const command = backup
    .command("verify")
    .summary("prove a backup: restore it and compare")
    .description(
      "A restore drill: restores a backup into a scratch place, checks its integrity, and compares row counts and content checksums of every table with what the source held at that moment.",
    )
    .option("--file <backup>", "the backup to prove (default: the newest)");
  addJson(addStack(command)).action(async (stack: string, options: { json: boolean; file?: string }) => {
    const places = localPlaces(stack);
    progress("Restoring into a scratch place and comparing ...");
    const drill = await interruptible((signal) =>
      verifyBackup({
        folder: places.backups,
        database: databaseName(places.database),
        signal,
        ...(options.file === undefined ? {} : { backup: typedPath(options.file) }),
      }),
    );
    if (options.json) printJson({ stack, ...drill });
    if (!drill.ok)
      throw new UserError(
        [
          `The drill failed: ${drill.file} is not a faithful backup.`,
          ...drill.failures.map((failure) => `  - ${failure}`),
          "Make a new one now: npx ladder backup create",
        ].join("\n"),
        ExitCode.refused,
      );
    if (!options.json)
      print(
        `${heading("Drill passed")}: ${drill.file}, made ${age(Date.now() - Date.parse(drill.created))}, holds what the source held at that moment.`,
      );
  });
}
