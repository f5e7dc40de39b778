import { copyFileSync, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withScratch } from "../../local/backup/scratch";
import { moveFolder, refuseNoFolder, surveyFolder } from "../../promotion/files/move";
import { storeSettings } from "../../promotion/files/store/settings";
import { openStore, type Store } from "../../promotion/files/store/store";
import { type FolderVerdict, verifyFolder } from "../../promotion/files/verify";
import { ExitCode, UserError } from "../../settings";
import { bytes, print, progress, warn } from "../console";
import { interruptible } from "../interrupt";
import { ROOT, typedPath } from "../project";
import { ProgressDisplay } from "../promotion/progress";
import type { Part } from "./part";

const DEFAULT_FOLDER = "uploads";
const JOURNAL = "migrate-storage-files.db";

/** Brings the folder of FILE_STORAGE_LOCAL_PATH into the bucket of FILE_STORAGE_S3_* (S1-30), or compares both; after `checkFiles`. */
export async function files(dryRun: boolean, json: boolean): Promise<Part> {
  const folder = folderOf(process.env);
  if (dryRun && !namesStore(process.env)) return survey(folder, json);
  const store = await openStore(storeSettings(process.env));
  const display = new ProgressDisplay(process.stderr);
  const state = join(ROOT, ".ladder");
  await mkdir(state, { recursive: true });
  try {
    progress(
      `${dryRun ? "Comparing" : "Bringing"} ${folder} ${dryRun ? "with" : "into"} bucket ${store.settings.bucket} ...`,
    );
    return await interruptible((signal) => {
      const given = { folder, store, onProgress: display.report, signal };
      return dryRun ? compared(given, state, json) : moved({ ...given, journal: join(state, JOURNAL) }, json);
    });
  } finally {
    display.clear();
    store.close();
  }
}

/** Looks whether the files can be moved at all. @throws UserError when settings are missing, or the folder is. */
export async function checkFiles(dryRun: boolean): Promise<void> {
  if (dryRun && !namesStore(process.env)) return;
  refuseOtherType(process.env.FILE_STORAGE_TYPE);
  storeSettings(process.env);
  await refuseNoFolder(folderOf(process.env));
}

const folderOf = (env: NodeJS.ProcessEnv): string => typedPath(env.FILE_STORAGE_LOCAL_PATH || DEFAULT_FOLDER);
const namesStore = (env: NodeJS.ProcessEnv): boolean => env.FILE_STORAGE_TYPE === "s3" || !!env.FILE_STORAGE_S3_BUCKET;

function refuseOtherType(type: string | undefined): void {
  if (type === "s3") return;
  throw new UserError(
    `FILE_STORAGE_TYPE is ${type || "not set"}, and the files go to S3: set FILE_STORAGE_TYPE=s3, FILE_STORAGE_S3_BUCKET and FILE_STORAGE_S3_REGION, with FILE_STORAGE_S3_ACCESS_KEY and FILE_STORAGE_S3_SECRET_KEY, or with the credentials of this machine.`,
  );
}

async function survey(folder: string, json: boolean): Promise<Part> {
  if (!existsSync(folder)) {
    if (!json) print(`There is no folder ${folder}: there are no files to bring over.`);
    return { result: { folder, files: 0, bytes: 0 }, agrees: true };
  }
  const { left, ...found } = await surveyFolder(folder);
  if (!json) print(`Files in ${folder}: ${found.files} (${bytes(found.bytes)}); ${left.count} cannot become objects.`);
  return { result: { folder, ...found, left }, agrees: true };
}

interface Given {
  readonly folder: string;
  readonly store: Store;
  readonly onProgress: ProgressDisplay["report"];
  readonly signal: AbortSignal;
}

/** With a copy of the journal: comparing notes the objects that it finds. */
async function compared(given: Given, state: string, json: boolean): Promise<Part> {
  const verdict = await withScratch(state, (scratch) => {
    const journal = join(scratch, JOURNAL);
    if (existsSync(join(state, JOURNAL))) copyFileSync(join(state, JOURNAL), journal);
    return verifyFolder({ ...given, journal });
  });
  if (!json) tell(verdict);
  const empty = verdict.objects + verdict.others === 0;
  return { result: verdict, agrees: empty || verdict.agrees };
}

async function moved(given: Given & { readonly journal: string }, json: boolean): Promise<Part> {
  const { left } = await moveFolder(given);
  const verdict = await verifyFolder(given);
  if (!json) tell(verdict);
  if (!verdict.agrees)
    throw new UserError(
      `${verdict.differences.count} files and objects differ after all were brought over. Stop what writes into ${given.folder}, and run the same command again: it goes on from there.`,
      ExitCode.failed,
    );
  if (left.count > 0)
    throw new UserError(
      `${left.count} entries of ${given.folder} cannot become objects (told above); everything else was brought over. Rename or remove them, and run the same command again.`,
      ExitCode.failed,
    );
  if (!json) print("The files were brought over and read back.");
  return { result: verdict, agrees: true };
}

function tell({
  folder,
  store,
  files,
  bytes: inFolder,
  objects,
  objectBytes,
  others,
  differences,
  left,
}: FolderVerdict): void {
  print(`  ${folder}: ${files} files, ${bytes(inFolder)}`);
  print(`  ${store}: ${objects} objects, ${bytes(objectBytes)}${others > 0 ? `, and ${others} of others` : ""}`);
  for (const { path, why } of [...differences.first, ...left.first]) warn(`${path}: ${why}`);
}
