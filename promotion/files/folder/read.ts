import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, read, readSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { codeOf } from "../../../schema/connectionErrors";
import { folderFailure } from "./failure";

/** Up to here a file is kept in memory between its hash and its way to the store. */
export const SMALL = 4 * 1024 ** 2;
const CHUNK = 1024 ** 2;
/** A file system may tell times this coarsely: what was written so shortly before it was read may be written again unseen. */
const COARSEST_MS = 2000;

/** What changes when a file is written, replaced or renamed. */
export const stampOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string => `${size}:${mtimeNs}:${ctimeNs}:${ino}`;

/** A file's contents at one moment. The file is open: whoever gets it closes it. */
export interface ReadFile {
  readonly stats: BigIntStats;
  readonly bytes: number;
  readonly sha256: string;
  /** False when the file may be changed without a change of its stamp: it has to be read again later. */
  readonly settled: boolean;
  readonly body: Buffer | (() => Readable);
  /** Whether a part of other contents is what the file has at that place. */
  has(part: Buffer, at: number): Promise<boolean>;
  close(): void;
}

/** Gone, not allowed to be read, no file any more, or written while it was read. */
export type Unread = "gone" | "denied" | "no file" | "changed";

/**
 * Opens a file and hashes it. What is small is read without leaving the thread, which takes a fraction of the time.
 * @throws UserError when the disk fails.
 */
export async function readFile(real: string, signal?: AbortSignal): Promise<ReadFile | Unread> {
  let file: number | undefined;
  try {
    // Never a link that was put in its place, and no waiting for the other end of a pipe.
    file = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const read = await hashed(file, signal);
    if (typeof read === "string") closeSync(file);
    return read;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    if (error instanceof Shrunk) return "changed";
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "gone";
    if (code === "EACCES" || code === "EPERM") return "denied";
    if (code === "ELOOP" || code === "ENXIO" || code === "EISDIR") return "no file";
    throw folderFailure(error, real);
  }
}

async function hashed(file: number, signal: AbortSignal | undefined): Promise<ReadFile | Unread> {
  const begun = BigInt(Date.now() - COARSEST_MS) * 1_000_000n;
  const stats = fstatSync(file, { bigint: true });
  if (!stats.isFile()) return "no file";
  const bytes = Number(stats.size);
  const hash = createHash("sha256");
  const small = bytes <= SMALL ? contentsOf(file, bytes) : undefined;
  if (small === undefined)
    for await (const chunk of chunksOf(file, bytes)) {
      signal?.throwIfAborted();
      hash.update(chunk);
    }
  else if (small.length === bytes) hash.update(small);
  else return "changed";
  if (stampOf(fstatSync(file, { bigint: true })) !== stampOf(stats)) return "changed";
  return {
    stats,
    bytes,
    sha256: hash.digest("hex"),
    settled: stats.mtimeNs < begun && stats.ctimeNs < begun,
    body: small ?? (() => Readable.from(chunksOf(file, bytes), { objectMode: false })),
    async has(part, at) {
      if (small !== undefined) return small.subarray(at, at + part.length).equals(part);
      const { buffer, bytesRead } = await readAt(file, Buffer.allocUnsafe(part.length), 0, part.length, at);
      return buffer.subarray(0, bytesRead).equals(part);
    },
    close: () => closeSync(file),
  };
}

const readAt = promisify(read);

function contentsOf(file: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let at = 0;
  while (at < bytes) {
    const count = readSync(file, buffer, at, bytes - at, at);
    if (count === 0) break;
    at += count;
  }
  return buffer.subarray(0, at);
}

/** The first `bytes` of a file. A file that has become shorter is an error, for its reader has promised so many. */
async function* chunksOf(file: number, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const length = Math.min(CHUNK, bytes - at);
    const { buffer, bytesRead } = await readAt(file, Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) throw new Shrunk("the file has become shorter while it was read");
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** A file that became shorter while it was sent. */
export class Shrunk extends Error {}

/** Whether the file that stands at a path is the very one that was read. */
export function isSame(real: string, read: ReadFile): boolean {
  try {
    return stampOf(statSync(real, { bigint: true })) === stampOf(read.stats);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw folderFailure(error, real);
  }
}
