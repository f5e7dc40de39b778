import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorCode } from "./failures";
import { type Manifest, parseManifest } from "./manifest";
import { type BackupKind, backupKinds, DATA_SUFFIX, isBackupName, MANIFEST_SUFFIX } from "./names";

/** A backup as it lies in the folder: named by this program, with a sound manifest. */
export interface BackupEntry {
  file: string;
  manifestFile: string;
  kind: BackupKind;
  database: string;
  created: Date;
  manifest: Manifest;
  /** The data file is there in its full size. Its content is checked by `verifyBackup` only. */
  good: boolean;
}

/** A file in a backup folder that is no usable backup, with the reason. It is never deleted by this program. */
export interface StrayFile {
  file: string;
  reason: string;
}

export interface BackupList {
  /** Newest first. */
  backups: BackupEntry[];
  strays: StrayFile[];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function readEntry(folder: string, kind: BackupKind, name: string): Promise<BackupEntry | StrayFile> {
  const manifestFile = join(folder, name);
  const { manifest, problem } = parseManifest(await readFile(manifestFile));
  if (manifest === undefined || problem !== undefined)
    return { file: manifestFile, reason: `manifest cannot be used: ${problem}` };
  const expected = name.slice(0, -MANIFEST_SUFFIX.length) + DATA_SUFFIX;
  if (manifest.file !== expected || manifest.kind !== kind || !isBackupName(expected, manifest.database, kind))
    return { file: manifestFile, reason: `renamed or moved: it was written for ${manifest.kind}/${manifest.file}` };
  const file = join(folder, expected);
  const size = (await stat(file).catch(() => undefined))?.size;
  return {
    file,
    manifestFile,
    kind,
    database: manifest.database,
    created: new Date(manifest.created),
    manifest,
    good: size === manifest.bytes.compressed,
  };
}

function withoutManifest(folder: string, names: string[]): StrayFile[] {
  return names
    .filter((name) => name.endsWith(DATA_SUFFIX))
    .filter((name) => !names.includes(name.slice(0, -DATA_SUFFIX.length) + MANIFEST_SUFFIX))
    .map((name) => ({ file: join(folder, name), reason: "no manifest" }));
}

/**
 * Lists the backups in a folder, newest first, and beside them the files that look like backups and are none.
 * With `database`, only those of that database (by name, without extension). A missing folder has none.
 */
export async function listBackups(folder: string, database?: string): Promise<BackupList> {
  const list: BackupList = { backups: [], strays: [] };
  for (const kind of backupKinds) {
    const kindFolder = join(resolve(folder), kind);
    const names = await namesIn(kindFolder);
    list.strays.push(...withoutManifest(kindFolder, names));
    for (const name of names.filter((candidate) => candidate.endsWith(MANIFEST_SUFFIX))) {
      const entry = await readEntry(kindFolder, kind, name);
      if ("reason" in entry) list.strays.push(entry);
      else if (database === undefined || entry.database === database) list.backups.push(entry);
    }
  }
  list.backups.sort((a, b) => b.created.getTime() - a.created.getTime() || (b.file > a.file ? 1 : -1));
  return list;
}

/** The newest good backup, if there is one. */
export async function newestBackup(folder: string, database?: string): Promise<BackupEntry | undefined> {
  return (await listBackups(folder, database)).backups.find((entry) => entry.good);
}
