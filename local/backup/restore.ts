import { dirname, resolve } from "node:path";
import { ExitCode, UserError } from "../../settings/errors";
import { checkBackup, demandBackup } from "./check";
import { explainFailure } from "./failures";
import { ensureFolder, removeMade } from "./folder";
import type { Manifest } from "./manifest";
import { exists, publish, syncToDisk } from "./publish";
import { withScratch } from "./scratch";

export interface RestoreRequest {
  /** A backup's data file. */
  backup: string;
  /** The new database file; nothing may exist there. */
  to: string;
  signal?: AbortSignal;
}

export interface RestoreResult {
  database: string;
  manifest: Manifest;
  /** What the user does next. */
  nextStep: string;
}

const taken = (path: string): UserError =>
  new UserError(
    `${path} already exists, and a restore never writes over anything. Name a new file; once you have looked at it, stop the application and put it in place yourself.`,
    ExitCode.refused,
  );

/** A database's own files: a stray log beside a new database would be replayed into it. */
async function refuseIfTaken(to: string): Promise<void> {
  for (const path of [to, `${to}-wal`, `${to}-shm`, `${to}-journal`]) if (await exists(path)) throw taken(path);
}

/**
 * Restores a backup to a new file (0600), after the whole restore drill has passed on exactly that file.
 * Throws UserError when anything exists at `to` or beside it as its log, or when the drill fails; then nothing is left,
 * nor any folder that was made for it.
 */
export async function restoreBackup(request: RestoreRequest): Promise<RestoreResult> {
  const backup = resolve(request.backup);
  const to = resolve(request.to);
  const folder = dirname(to);
  await refuseIfTaken(to);
  await demandBackup(backup);
  let made: string | undefined;
  try {
    made = await ensureFolder(folder);
    const manifest = await withScratch(folder, async (scratch) => {
      const check = await checkBackup(backup, scratch, request.signal);
      if (check.restored === undefined || check.failures.length > 0)
        throw new UserError(
          `${backup} was not restored: ${check.failures.join("; ")}. Choose another backup.`,
          ExitCode.refused,
        );
      await syncToDisk(check.restored);
      await refuseIfTaken(to);
      if (!(await publish(check.restored, to))) throw taken(to);
      await syncToDisk(folder);
      return check.manifest;
    });
    const nextStep = `Look at ${to}. To use it, stop the application, move its present database with its -wal and -shm files aside, and put this file in its place.`;
    return { database: to, manifest, nextStep };
  } catch (error) {
    if (made !== undefined) await removeMade(folder, made);
    throw explainFailure(error, { source: backup, folder });
  }
}
