import { resolve } from "node:path";
import { UserError } from "../../settings/errors";
import { type BackupCheck, checkBackup, demandBackup, UnusableManifest } from "./check";
import { type DrillResult, keepDrill } from "./drill";
import { explainFailure } from "./failures";
import { ensureFolder } from "./folder";
import { newestBackup } from "./list";
import { databaseName } from "./names";
import { withScratch } from "./scratch";

export interface DrillRequest {
  /** The folder that holds the backups; the drill's record is kept there too. */
  folder: string;
  /** A backup's data file; without it the newest good backup in the folder is taken. */
  backup?: string;
  /** The database that the drill is for (by name, without extension); with no `backup` named, only its own are taken. */
  database?: string;
  now?: Date;
  signal?: AbortSignal;
}

async function chooseBackup(request: DrillRequest): Promise<string> {
  if (request.backup !== undefined) return resolve(request.backup);
  const newest = await newestBackup(request.folder, request.database);
  if (newest === undefined)
    throw new UserError(`There is no backup in ${resolve(request.folder)} yet. Make one with \`ladder backup\`.`);
  return newest.file;
}

/**
 * The restore drill: restores a backup into a scratch place and compares everything with what the source held at the
 * moment of the backup. The result tells every figure, is `ok` only when nothing differs, and is kept as the folder's
 * last drill when the backup lies in it. Throws UserError when there is no such backup, its manifest is missing or
 * unusable (kept as a failed drill), or it was renamed.
 */
export async function verifyBackup(request: DrillRequest): Promise<DrillResult> {
  const start = performance.now();
  const folder = resolve(request.folder);
  const file = await chooseBackup(request);
  await demandBackup(file);
  try {
    // A backup from elsewhere may be proven before the stack has any of its own.
    await ensureFolder(folder);
    const check = await withScratch(folder, (scratch) => checkOrKeep(request, file, scratch));
    const { manifest, failures, orphans, seconds } = check;
    const result: DrillResult = {
      ok: failures.length === 0,
      failures,
      file,
      database: manifest.database,
      created: manifest.created,
      finished: (request.now ?? new Date()).toISOString(),
      tables: manifest.tables.length,
      rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
      bytes: manifest.bytes,
      orphans,
      seconds: { ...seconds, total: Math.round(performance.now() - start) / 1000 },
    };
    // A backup of another database must not hide what is known of this one.
    if (request.database === undefined || request.database === manifest.database) await keepDrill(folder, result);
    return result;
  } catch (error) {
    throw explainFailure(error, { source: file, folder });
  }
}

/** A backup that can no longer be proven is no good one, which `status` has to know, too. */
async function checkOrKeep(request: DrillRequest, file: string, scratch: string): Promise<BackupCheck> {
  try {
    return await checkBackup(file, scratch, request.signal);
  } catch (error) {
    if (error instanceof UnusableManifest)
      await keepDrill(request.folder, {
        ok: false,
        failures: [error.message],
        file,
        database: request.database ?? databaseName(file),
        finished: (request.now ?? new Date()).toISOString(),
      });
    throw error;
  }
}
