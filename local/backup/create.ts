import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Contents } from "../sqlite/checksum";
import { compressFile, type Digest } from "./compress";
import { explainFailure } from "./failures";
import { ensureFolder, ensureRoom } from "./folder";
import type { Copied } from "./jobs";
import { type Manifest, sealManifest } from "./manifest";
import { type BackupKind, DATA_SUFFIX, databaseName, MANIFEST_SUFFIX, nameCandidates } from "./names";
import { exists, publish, syncToDisk } from "./publish";
import { withScratch } from "./scratch";
import { checkSource } from "./source";
import { allOrStop, linkedStop, runInThread } from "./thread";

/** Progress of one phase: pages copied, rows read for the checksums (`total` 0: unknown), bytes compressed. */
export interface BackupProgress {
  phase: "copy" | "contents" | "compress";
  done: number;
  total: number;
}

export interface BackupRequest {
  /** The live database's file. */
  database: string;
  /** The folder that holds `daily/`, `weekly/` and `monthly/`; created (0700) when missing. */
  folder: string;
  kind?: BackupKind;
  now?: Date;
  onProgress?: (progress: BackupProgress) => void;
  signal?: AbortSignal;
}

export interface BackupResult {
  /** The compressed database. */
  file: string;
  manifestFile: string;
  manifest: Manifest;
  /** What the user should know although all went well. */
  notes: string[];
}

interface Snapshot {
  copied: Copied;
  contents: Contents;
  contentsSeconds: number;
  plain: Digest;
  compressed: Digest;
  compressSeconds: number;
}

/** Copies one snapshot, then reads its contents in a thread while this one compresses the copy. */
async function takeSnapshot(request: BackupRequest, copy: string, compressedFile: string): Promise<Snapshot> {
  const { database, onProgress = () => undefined } = request;
  const { stop, linked } = linkedStop(request.signal);
  let announce: (copied: Copied) => void = () => undefined;
  const copied = new Promise<Copied>((resolveCopied) => {
    announce = resolveCopied;
  });
  const reading = runInThread({ task: "snapshot", database, copy }, linked, (report) => {
    if (report.type === "pages") onProgress({ phase: "copy", done: report.done, total: report.total });
    else if (report.type === "rows") onProgress({ phase: "contents", done: report.rows, total: 0 });
    else if (report.type === "copied") announce(report.copied);
  });
  const compress = async () => {
    // Where the thread fails before it has copied, there is nothing to wait for.
    const facts = await Promise.race([copied, reading.then(() => copied)]);
    const start = performance.now();
    const digests = await compressFile(copy, compressedFile, linked, (done) =>
      onProgress({ phase: "compress", done, total: facts.bytes }),
    );
    return { copied: facts, ...digests, compressSeconds: (performance.now() - start) / 1000 };
  };
  const [done, compressed] = await allOrStop(stop, [reading, compress()]);
  return { contents: done.contents ?? { tables: [], skipped: [] }, contentsSeconds: done.seconds, ...compressed };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Gives data and manifest their names, manifest last: a backup exists once its manifest does. */
async function publishBackup(
  scratch: string,
  data: string,
  manifest: Omit<Manifest, "file">,
  folder: string,
  now: Date,
) {
  const manifestScratch = join(scratch, "manifest.json");
  for (const name of nameCandidates(manifest.database, manifest.kind, now)) {
    const file = join(folder, name + DATA_SUFFIX);
    const manifestFile = join(folder, name + MANIFEST_SUFFIX);
    if ((await exists(file)) || (await exists(manifestFile))) continue;
    const complete: Manifest = { ...manifest, file: basename(file) };
    await writeFile(manifestScratch, sealManifest(complete), { mode: 0o600, flush: true });
    if (!(await publish(data, file))) continue;
    if (!(await publish(manifestScratch, manifestFile)))
      throw new Error(`${manifestFile} appeared while the backup ${file} was being made; both are kept.`);
    await syncToDisk(folder);
    return { file, manifestFile, manifest: complete };
  }
  throw new Error("No free name"); // the candidates never end
}

async function makeBackup(request: BackupRequest, kindFolder: string, scratch: string): Promise<BackupResult> {
  const start = performance.now();
  const now = request.now ?? new Date();
  const data = join(scratch, `backup${DATA_SUFFIX}`);
  const taken = await takeSnapshot(request, join(scratch, "backup.db"), data);
  const { sqliteVersion, journalMode, schemaVersion } = taken.copied;
  const published = await publishBackup(
    scratch,
    data,
    {
      formatVersion: 1,
      kind: request.kind ?? "daily",
      database: databaseName(request.database),
      source: basename(request.database),
      created: now.toISOString(),
      sqliteVersion,
      journalMode,
      schemaVersion,
      bytes: { database: taken.plain.bytes, compressed: taken.compressed.bytes },
      sha256: { database: taken.plain.sha256, compressed: taken.compressed.sha256 },
      tables: taken.contents.tables,
      skipped: taken.contents.skipped,
      seconds: {
        copy: rounded(taken.copied.seconds),
        contents: rounded(taken.contentsSeconds),
        compress: rounded(taken.compressSeconds),
        total: rounded((performance.now() - start) / 1000),
      },
    },
    kindFolder,
    now,
  );
  const notes =
    journalMode === "wal"
      ? []
      : [
          `${request.database} uses journal mode ${journalMode}: programs that wanted to write waited while it was read. In WAL mode they need not.`,
        ];
  return { ...published, notes };
}

/**
 * Makes an online backup of a SQLite database while other programs go on writing: one snapshot through SQLite's backup
 * interface, compressed, with a manifest that says what is in it. The source is only read; in WAL mode no writer waits.
 * Nothing that exists is overwritten, and nothing half-done stays, also when `signal` interrupts it.
 *
 * Throws UserError when the database is missing, locked (after 5 s), damaged or no database, when the folder cannot be
 * written or is full, and when interrupted.
 */
export async function createBackup(request: BackupRequest): Promise<BackupResult> {
  const database = resolve(request.database);
  const folder = resolve(request.folder);
  const kindFolder = join(folder, request.kind ?? "daily");
  const size = await checkSource(database);
  try {
    await ensureFolder(folder);
    await ensureFolder(kindFolder);
    await ensureRoom(kindFolder, size);
    return await withScratch(kindFolder, (scratch) => makeBackup({ ...request, database }, kindFolder, scratch));
  } catch (error) {
    throw explainFailure(error, { source: database, folder });
  }
}
