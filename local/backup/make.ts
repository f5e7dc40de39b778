import { resolve } from "node:path";
import { type BackupRequest, type BackupResult, createBackup } from "./create";
import { dueKinds } from "./due";
import { type BackupEntry, listBackups } from "./list";
import { type BackupKind, databaseName } from "./names";
import { defaultRetention, pruneBackups, type Retention } from "./retention";

export interface MakeRequest extends Omit<BackupRequest, "kind"> {
  /** Which kinds to make; `due` makes those that a nightly run has to. */
  kinds: "due" | readonly BackupKind[];
  keep?: Retention;
}

export interface MakeResult {
  made: BackupResult[];
  /** Backups that had their time and were deleted. */
  pruned: BackupEntry[];
}

/**
 * Makes backups and, after that, deletes those that have had their time. When a backup fails its error is thrown, and
 * nothing is deleted.
 */
export async function makeBackups({ kinds, keep = defaultRetention, ...request }: MakeRequest): Promise<MakeResult> {
  const folder = resolve(request.folder);
  const database = databaseName(request.database);
  const now = request.now ?? new Date();
  const made: BackupResult[] = [];
  for (const kind of kinds === "due" ? await kindsDue(folder, database, now) : kinds) {
    made.push(await createBackup({ ...request, kind, now }));
  }
  return { made, pruned: await pruneBackups(folder, database, now, keep) };
}

async function kindsDue(folder: string, database: string, now: Date): Promise<BackupKind[]> {
  const { backups } = await listBackups(folder, database);
  return dueKinds(
    now,
    backups.filter(({ good }) => good),
  );
}
