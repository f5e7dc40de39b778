import { resolve } from "node:path";
import { UserError } from "../../settings/errors";
import { checkBackup, demandBackup } from "./check";
import { type DrillResult, writeDrill } from "./drill";
import { explainFailure } from "./failures";
import { ensureFolder } from "./folder";
import { newestBackup } from "./list";
import { withScratch } from "./scratch";

export interface DrillRequest {
  /** The folder that holds the backups; the drill's record is kept there too. */
  folder: string;
  /** A backup's data file; without it the newest good backup in the folder is taken. */
  backup?: string;
  /** With no `backup` named: only those of this database (by name, without extension). */
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
 * last drill. Throws UserError when there is no such backup, its manifest is missing or unusable, or it was renamed.
 */
export async function verifyBackup(request: DrillRequest): Promise<DrillResult> {
  const start = performance.now();
  const folder = resolve(request.folder);
  const file = await chooseBackup(request);
  await demandBackup(file);
  try {
    // A backup from elsewhere may be proven before the stack has any of its own.
    await ensureFolder(folder);
    const check = await withScratch(folder, (scratch) => checkBackup(file, scratch, request.signal));
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
    await writeDrill(folder, result);
    return result;
  } catch (error) {
    throw explainFailure(error, { source: file, folder });
  }
}
