import { createHash, randomUUID } from "node:crypto";
import { type BigIntStats, constants, type Stats } from "node:fs";
import { chmod, chown, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Readable } from "node:stream";
import { folderFailure } from "./failure";
import { PARTIAL } from "./walk";

/** What an object is to be in the folder. */
export interface Incoming {
  /** A key for which `fileOf` has a place. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: Date;
  readonly body: Readable;
  /** Whether contents with this SHA-256 (hex) are right; asked before the file gets its place. */
  check(sha256: string): Promise<boolean>;
}

const LONGEST_NAME = 255;

/** Whether a key can be a file below a folder, on every file system that a folder may be on. */
export const canBeFile = (key: string): boolean =>
  !key.includes("\0") &&
  key
    .split("/")
    .every(
      (name) =>
        name !== "" && name !== "." && name !== ".." && !PARTIAL.test(name) && Buffer.byteLength(name) <= LONGEST_NAME,
    );

/**
 * Writes a file beside its place and moves it there when it is whole and on the disk.
 * @returns what stands there now and its hash; `cut` when fewer bytes came than were told, or wrong ones; `outside` when a link in the folder
 * leads out of it.
 */
export async function writeFile(
  root: string,
  { path, bytes, modified, body, check }: Incoming,
): Promise<{ readonly stats: BigIntStats; readonly sha256: string } | "cut" | "outside"> {
  const target = join(root, path);
  const folder = dirname(target);
  let partial: string | undefined;
  try {
    const like = await stat(root);
    await makeFolders(folder, like);
    const real = await realpath(folder);
    if (real !== root && !real.startsWith(root + sep)) return "outside";
    partial = join(real, `.ladder-${randomUUID()}.partial`);
    const hash = createHash("sha256");
    let written = 0;
    const file = await open(partial, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      for await (const chunk of body) {
        const part: Buffer = chunk;
        hash.update(part);
        written += part.length;
        await file.writeFile(part);
      }
      const sha256 = hash.digest("hex");
      if (written !== bytes || !(await check(sha256))) return "cut";
      await file.chmod(like.mode & 0o666);
      await own(like, (uid, gid) => file.chown(uid, gid));
      await file.utimes(modified, modified);
      await file.sync();
      await rename(partial, target);
      partial = undefined;
      return { stats: await stat(target, { bigint: true }), sha256 };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw folderFailure(error, target);
  } finally {
    body.destroy();
    if (partial !== undefined) await rm(partial, { force: true });
  }
}

/** The application must be able to use what is made for it: everything belongs to whom the folder belongs, and is as open. */
async function makeFolders(folder: string, like: Stats): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await chmod(made, like.mode & 0o777);
    await own(like, (uid, gid) => chown(made, uid, gid));
  }
}

const own = async ({ uid, gid }: Stats, give: (uid: number, gid: number) => Promise<void>): Promise<void> => {
  if (process.getuid?.() === 0) await give(uid, gid);
};

/** Takes away what killed runs had not finished. */
export async function removePartials(root: string): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true }).catch(() => [])) {
    const path = join(root, entry.name);
    if (entry.isDirectory()) await removePartials(path);
    else if (entry.isFile() && PARTIAL.test(entry.name)) await rm(path, { force: true });
  }
}
