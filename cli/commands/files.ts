import type { Command } from "commander";
import { URL_VARIABLE } from "../../schema/connection";
import { type DropDataResult, dropFileData } from "../../schema/files/dropData";
import { type FileStatus, fileStatus, refuseUnmoved } from "../../schema/files/fileTable";
import { UserError } from "../../settings";
import { bytes, print, printJson, progress, warn } from "../console";
import { addJson, addYes } from "../options";
import { withOwnedDatabase } from "../ownedDatabase";
import { typedPath } from "../project";
import { consent } from "../run";
import { addFilesMove } from "./filesMove";

interface Options {
  readonly json: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly backupFolder?: string;
}

/** `ladder files`: from a folder, or out of the database 4g3n7db, to a bucket; and the last step of the latter. */
export function addFiles(program: Command): void {
  const files = program
    .command("files")
    .summary("move files from a folder, or out of the database 4g3n7db, to a bucket and back")
    .description(
      `The bucket is that of FILE_STORAGE_S3_BUCKET, _REGION, _ENDPOINT, _FORCE_PATH_STYLE, _ACCESS_KEY and _SECRET_KEY. drop-data, and the others with --rows, work on the database 4g3n7db that libpq's variables name (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGSSLMODE, PGDATABASE), or ${URL_VARIABLE}; as its owner.`,
    );
  addFilesMove(files);
  const command = files
    .command("drop-data")
    .summary('remove "File"."data", after a backup that is read back and compared')
    .description(
      'Removes "File"."data" when every file is elsewhere: writes what is still there to a backup, reads that back, compares each file with its checksum, and only then drops the column.',
    )
    .option("--backup-folder <folder>", "where the backup is written to")
    .option("--dry-run", "compare everything; write and remove nothing", false);
  addJson(addYes(command)).action(dropData);
}

async function dropData(options: Options): Promise<void> {
  const { json, dryRun, backupFolder } = options;
  if (!dryRun && backupFolder === undefined)
    throw new UserError(
      "Where is the backup to be written? Name a folder with --backup-folder <folder>, or look only with --dry-run.",
    );
  if (dryRun && backupFolder !== undefined)
    throw new UserError("--dry-run writes no backup: leave --backup-folder out, or --dry-run.");
  const result = await withOwnedDatabase("4g3n7db", async (client, signal) => {
    const status = await fileStatus(client);
    if (!dryRun && status.dataColumn) await ask(status, options);
    progress("Reading and comparing the data of each file ...");
    let told = Date.now();
    return dropFileData(client, {
      signal,
      ...(backupFolder === undefined ? {} : { backupFolder: typedPath(backupFolder) }),
      onProgress(done, total) {
        if (Date.now() - told < 2000) return;
        told = Date.now();
        progress(`  ${done} of ${total} files`);
      },
    });
  });
  if (json) printJson(result);
  else tell(result, dryRun);
}

async function ask(status: FileStatus, options: Options): Promise<void> {
  refuseUnmoved(status);
  progress(
    `${status.withData} of ${status.files} files have ${bytes(status.dataCharacters)} of Base64 in the database.`,
  );
  await consent('Remove "File"."data" for good, after a backup?', "ladder files drop-data", options);
}

function tell({ dropped, checked, backup }: DropDataResult, dryRun: boolean): void {
  if (checked !== undefined)
    print(`The data of ${checked.rows} files agrees with their checksums. Nothing was written or removed (--dry-run).`);
  else if (!dropped) print(`"File"."data" was removed before; nothing was ${dryRun ? "looked at" : "changed"}.`);
  if (backup === undefined) return;
  print(`"File"."data" was removed, after the data of ${backup.rows} files was compared with their checksums.`);
  print(`Backup: ${backup.file} (${bytes(backup.compressedBytes)}, SHA-256 of its contents ${backup.sha256})`);
  warn(
    'The room is given back only when the table is rewritten: VACUUM FULL public."File", at a quiet time, for it locks the table.',
  );
}
