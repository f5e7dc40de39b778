import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Client } from "pg";
import { to } from "pg-copy-streams";
import { ExitCode, UserError } from "../../settings";
import { type CheckedRows, checkRows } from "./checkRows";
import { DATA, FILE } from "./fileTable";

/** All that goes with the column, and what it was compared with; read back by psql: see `RESTORE`. */
const COPY = `COPY (SELECT f."id", f."contentSha256", f."${DATA}" FROM ${FILE} f WHERE f."${DATA}" IS NOT NULL ORDER BY f."id") TO STDOUT`;

/** How the manifest tells to bring the data back. */
const RESTORE = [
  `ALTER TABLE ${FILE} ADD COLUMN IF NOT EXISTS "${DATA}" TEXT;`,
  'CREATE TEMPORARY TABLE back (id text, "contentSha256" text, data text);',
  "\\copy back FROM PROGRAM 'gunzip -c <this file without .json>'",
  `UPDATE ${FILE} f SET "${DATA}" = back.data FROM back WHERE f."id" = back.id;`,
];

export interface FileBackup extends CheckedRows {
  readonly file: string;
  readonly compressedBytes: number;
}

export interface BackupOptions {
  readonly database: string;
  readonly folder: string;
  /** Rows that the copy must have, as counted in the same snapshot. */
  readonly rows: number;
  /** Throws when the data is not to be removed: no backup is left then. */
  accept(checked: CheckedRows): void;
  readonly onRow?: ((rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads all data in the running transaction, and compares it; writes nothing. */
export async function checkData(
  client: Client,
  { accept, onRow, signal }: Pick<BackupOptions, "accept" | "onRow" | "signal">,
): Promise<CheckedRows> {
  const copy = client.query(to(COPY));
  const stop = () => copy.destroy(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  const checked = await overCopy(client, () => checkRows(copy, onRow));
  signal?.removeEventListener("abort", stop);
  accept(checked);
  return checked;
}

/**
 * Writes all data of the running transaction's snapshot to a file, readable for its owner only, and reads that back from the disk.
 * Half a file never has its final name. A file with `.json` beside it tells what it is and how to bring it back.
 * @throws UserError when the folder cannot be written to, or holds something else than was written.
 */
export async function backUpData(client: Client, options: BackupOptions): Promise<FileBackup> {
  const { database, folder, rows, accept, onRow, signal } = options;
  const created = new Date().toISOString();
  const file = join(folder, `${database}_File_data_${created.replace(/[-:]|\.\d+/g, "")}.copy.gz`);
  const partial = `${file}.partial`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const written = await write(client, partial, signal);
    const readBack = await checkRows(createReadStream(partial).pipe(createGunzip()), onRow);
    if (readBack.rows !== rows || readBack.sha256 !== written.sha256)
      throw new UserError(
        `The backup ${file} has ${readBack.rows} rows of ${rows}, or other contents than were written. The disk, or this program, is at fault; nothing was changed in the database.`,
        ExitCode.failed,
      );
    accept(readBack);
    const backup = { ...readBack, file, compressedBytes: written.compressedBytes };
    const manifest = { database, table: FILE, columns: ["id", "contentSha256", DATA], created, restore: RESTORE };
    const { rows: count, sha256, bytes } = readBack;
    const text = JSON.stringify({ ...manifest, rows: count, bytes, sha256 }, null, 2);
    await writeFile(`${file}.json`, `${text}\n`, { mode: 0o600, flag: "wx", flush: true });
    await rename(partial, file);
    await sync(dirname(file));
    return backup;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw folderFailure(error, folder);
  }
}

async function write(
  client: Client,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly sha256: string; readonly compressedBytes: number }> {
  const hash = createHash("sha256");
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // Opened before anything may be cut off: a file still being opened would appear after its removal.
  const target = (await open(path, "wx", 0o600)).createWriteStream({ flush: true });
  const options = signal === undefined ? {} : { signal };
  await overCopy(client, () => pipeline(client.query(to(COPY)), hashed, createGzip(), target, options));
  return { sha256: hash.digest("hex"), compressedBytes: target.bytesWritten };
}

/** A COPY that nobody reads to its end leaves a connection that nothing else can be asked of: it is given up. */
async function overCopy<T>(client: Client, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const DISK: Readonly<Record<string, string>> = {
  ENOSPC: "there is no room on the disk",
  EDQUOT: "your share of the disk is used up",
  EACCES: "it may not be written to",
  EPERM: "it may not be written to",
  EROFS: "it may not be written to",
  ENOTDIR: "a file is in the way",
  EEXIST: "a file is in the way",
  ENOENT: "there is no such place",
};

function folderFailure(error: unknown, folder: string): unknown {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const reason = DISK[code];
  if (reason === undefined) return error;
  return new UserError(
    `No backup could be written to ${folder}: ${reason} (${code}). Nothing was changed in the database. Name another folder with --backup-folder.`,
    ExitCode.failed,
  );
}
