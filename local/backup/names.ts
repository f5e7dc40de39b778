import { basename, extname } from "node:path";

/** The three rows of backups, each in a folder of its own. */
export const backupKinds = ["daily", "weekly", "monthly"] as const;
export type BackupKind = (typeof backupKinds)[number];

/** Ends of the two files that make up a backup. */
export const DATA_SUFFIX = ".db.gz";
export const MANIFEST_SUFFIX = ".json";

/** A database is called by its file name without the extension. */
export const databaseName = (file: string): string => basename(file, extname(file));

const digits = (date: Date): string => date.toISOString().replace(/[-:T]/g, "").slice(0, 14);

/** `YYYYMMDD`, or for a monthly backup `YYYYMM` of the month that has just ended; UTC. */
export function periodOf(kind: BackupKind, now: Date): string {
  if (kind !== "monthly") return digits(now).slice(0, 8);
  return digits(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))).slice(0, 6);
}

/**
 * The names, without suffix, that a backup may take, best first: the plain one, then with `_HHMMSS` so that a second
 * backup of the same period stands beside the first, then counted for several within one second.
 */
export function* nameCandidates(database: string, kind: BackupKind, now: Date): Generator<string, never> {
  const plain = `${database}_${periodOf(kind, now)}`;
  yield plain;
  const timed = `${plain}_${digits(now).slice(8)}`;
  yield timed;
  for (let count = 2; ; count += 1) yield `${timed}_${count}`;
}

/** Whether a data file is named as this program names backups of that database and kind. */
export function isBackupName(file: string, database: string, kind: BackupKind): boolean {
  if (!file.startsWith(`${database}_`) || !file.endsWith(DATA_SUFFIX)) return false;
  const rest = file.slice(database.length + 1, -DATA_SUFFIX.length);
  return (kind === "monthly" ? /^\d{6}(_\d{6}(_\d+)?)?$/ : /^\d{8}(_\d{6}(_\d+)?)?$/).test(rest);
}
