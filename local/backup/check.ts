import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ExitCode, UserError } from "../../settings/errors";
import { contentDifferences } from "../sqlite/checksum";
import { decompressFile, digestFile } from "./compress";
import { errorCode } from "./failures";
import { ensureRoom } from "./folder";
import type { Integrity } from "./jobs";
import { type Manifest, parseManifest } from "./manifest";
import { DATA_SUFFIX, MANIFEST_SUFFIX } from "./names";
import { allOrStop, linkedStop, runInThread } from "./thread";

/** What a check of a backup found. `failures` is empty exactly when the backup can be restored as it was taken. */
export interface BackupCheck {
  manifest: Manifest;
  failures: string[];
  /** The database as restored in the scratch folder; undefined when it could not be decompressed. */
  restored: string | undefined;
  /** Rows whose parent is missing. They came with the source, so they do not fail the check. */
  orphans: number;
  seconds: { compressed: number; restore: number; integrity: number; contents: number };
}

interface OpenBackup {
  manifest: Manifest;
  problem: string | undefined;
}

async function readOr<T>(reading: Promise<T>, missing: UserError): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") throw missing;
    throw error;
  }
}

/** Where a backup's manifest stands. Throws UserError for a path that is no backup's data file. */
function manifestPath(file: string): string {
  if (!file.endsWith(DATA_SUFFIX))
    throw new UserError(
      `${file} is not a backup: its name should end in ${DATA_SUFFIX}. \`ladder backup list\` shows them.`,
    );
  return file.slice(0, -DATA_SUFFIX.length) + MANIFEST_SUFFIX;
}

/**
 * Makes sure that a path is a backup's data file, before anything is made for the check of it.
 * Throws UserError when it has another kind of name, is missing or is no file.
 */
export async function demandBackup(file: string): Promise<void> {
  manifestPath(file);
  const found = await readOr(
    stat(file),
    new UserError(`There is no backup at ${file}. \`ladder backup list\` shows those that exist.`),
  );
  if (!found.isFile())
    throw new UserError(
      `${file} is not a backup: it is no regular file. \`ladder backup list\` shows those that exist.`,
    );
}

/** The manifest beside a backup is missing or cannot be used, so that nothing can be proven. */
export class UnusableManifest extends UserError {}

async function openManifest(file: string): Promise<OpenBackup> {
  const path = manifestPath(file);
  const bytes = await readOr(
    readFile(path),
    new UnusableManifest(
      `The backup ${file} has no manifest: ${path} is missing. It must stand beside the data file; without it nothing can be verified.`,
    ),
  );
  const { manifest, problem } = parseManifest(bytes);
  if (manifest === undefined)
    throw new UnusableManifest(
      `The manifest ${path} cannot be used: ${problem}. Choose another backup.`,
      ExitCode.refused,
    );
  if (manifest.file !== basename(file))
    throw new UserError(
      `${file} was renamed: its manifest was written for ${manifest.file}. Give both files their names back.`,
      ExitCode.refused,
    );
  return { manifest, problem };
}

const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const start = performance.now();
  const value = await work;
  return [value, Math.round(performance.now() - start) / 1000];
};

/** Failures of SQLite on a damaged file are findings here, not errors of this program. */
async function asFinding<T>(work: Promise<T>, failures: string[], what: string): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!errorCode(error)?.startsWith("SQLITE_")) throw error;
    failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function integrityFailures(found: Integrity | undefined): string[] {
  if (found === undefined || found.problems.length === 0) return [];
  const more = found.problems.length > 1 ? ` (and ${found.problems.length - 1} more)` : "";
  return [`the integrity check of the restored database says: ${found.problems[0]}${more}`];
}

async function checkRestored(check: BackupCheck, database: string, signal: AbortSignal | undefined): Promise<void> {
  const { failures, manifest } = check;
  const { stop, linked } = linkedStop(signal);
  const [integrity, contents] = await allOrStop(stop, [
    asFinding(runInThread({ task: "integrity", database }, linked), failures, "the integrity check failed"),
    asFinding(runInThread({ task: "contents", database }, linked), failures, "the tables cannot be read"),
  ]);
  failures.push(...integrityFailures(integrity?.integrity));
  if (contents?.contents !== undefined) failures.push(...contentDifferences(manifest, contents.contents));
  check.orphans = integrity?.integrity?.orphans ?? 0;
  check.seconds.integrity = Math.round((integrity?.seconds ?? 0) * 1000) / 1000;
  check.seconds.contents = Math.round((contents?.seconds ?? 0) * 1000) / 1000;
}

/**
 * Restores a backup into `scratch` and compares everything with its manifest: both digests, SQLite's integrity check,
 * row counts and content checksums of all tables. What differs is listed, not thrown.
 * The caller has asked `demandBackup`. Throws UnusableManifest when the manifest is missing or broken, UserError when the backup was renamed.
 */
export async function checkBackup(file: string, scratch: string, signal?: AbortSignal): Promise<BackupCheck> {
  const [compressed, compressedSeconds] = await timed(digestFile(file, signal));
  const { manifest, problem } = await openManifest(file);
  const seconds = { compressed: compressedSeconds, restore: 0, integrity: 0, contents: 0 };
  const check: BackupCheck = { manifest, failures: [], restored: undefined, orphans: 0, seconds };
  if (problem !== undefined) check.failures.push(`the manifest cannot be trusted: ${problem}`);
  if (compressed.bytes !== manifest.bytes.compressed)
    check.failures.push(`the file has ${compressed.bytes} bytes instead of ${manifest.bytes.compressed}`);
  else if (compressed.sha256 !== manifest.sha256.compressed)
    check.failures.push(
      `the file differs from the one written: SHA-256 ${compressed.sha256} instead of ${manifest.sha256.compressed}`,
    );
  if (check.failures.length > 0 && problem === undefined) return check;

  await ensureRoom(scratch, manifest.bytes.database);
  const database = join(scratch, "restored.db");
  let plain: Awaited<ReturnType<typeof decompressFile>>;
  try {
    [plain, seconds.restore] = await timed(decompressFile(file, database, signal));
  } catch (error) {
    if (!errorCode(error)?.startsWith("Z_")) throw error;
    check.failures.push(`the file cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`);
    return check;
  }
  if (plain.bytes !== manifest.bytes.database || plain.sha256 !== manifest.sha256.database)
    check.failures.push(
      `the restored database differs from the one copied: ${plain.bytes} bytes, SHA-256 ${plain.sha256}`,
    );
  await checkRestored(check, database, signal);
  check.restored = database;
  return check;
}
