import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type BackupEntry, listBackups } from "./list";
import type { BackupKind } from "./names";
import { syncToDisk } from "./publish";

/** How long backups are kept: daily ones in days, weekly ones in weeks, monthly ones in months. */
export type Retention = Record<BackupKind, number>;

export const defaultRetention: Retention = { daily: 35, weekly: 12, monthly: 12 };

/** A backup made before this moment is older than its kind is kept. */
function oldestKept(kind: BackupKind, now: Date, keep: Retention): Date {
  const limit = new Date(now);
  if (kind === "monthly") {
    const day = limit.getUTCDate();
    limit.setUTCMonth(limit.getUTCMonth() - keep.monthly);
    // The 31st of a shorter month would run over into the next one.
    if (limit.getUTCDate() !== day) limit.setUTCDate(0);
  } else limit.setUTCDate(limit.getUTCDate() - (kind === "daily" ? keep.daily : keep.weekly * 7));
  return limit;
}

type Planned = Pick<BackupEntry, "kind" | "database" | "created" | "good">;

/**
 * Which of the existing backups have had their time. The newest good backup of a database is never among them,
 * whatever its age.
 */
export function planRetention<T extends Planned>(existing: readonly T[], now: Date, keep = defaultRetention): T[] {
  const newest = new Map<string, T>();
  for (const backup of existing) {
    const other = newest.get(backup.database);
    if (backup.good && (other === undefined || backup.created > other.created)) newest.set(backup.database, backup);
  }
  return existing.filter(
    (backup) => backup !== newest.get(backup.database) && backup.created < oldestKept(backup.kind, now, keep),
  );
}

/**
 * Deletes the backups of one database that have had their time and returns them. Call it after a new backup was made.
 * Only files that this program named and whose manifest is sound are ever deleted.
 */
export async function pruneBackups(
  folder: string,
  database: string,
  now = new Date(),
  keep = defaultRetention,
): Promise<BackupEntry[]> {
  const { backups } = await listBackups(folder, database);
  const planned = planRetention(backups, now, keep);
  for (const backup of planned) {
    // Data first: if this is cut short, the manifest that is left lets the next run finish it.
    await rm(backup.file, { force: true });
    await rm(backup.manifestFile, { force: true });
  }
  for (const kindFolder of new Set(planned.map((backup) => dirname(backup.file)))) await syncToDisk(kindFolder);
  return planned;
}
