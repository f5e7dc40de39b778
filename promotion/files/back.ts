import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../schema/connectionErrors";
import { UserError } from "../../settings";
import { folderFailure } from "./folder/failure";
import { readFile, stampOf } from "./folder/read";
import { canBeFile, removePartials, writeFile } from "./folder/write";
import { type Journal, openJournal } from "./journal";
import type { FolderMove } from "./move";
import { pool } from "./parallel";
import { type Left, leftCollector } from "./pass";
import { hasContents, hashOf } from "./store/contents";
import { explained } from "./store/failure";
import type { Listed } from "./store/object";
import { PROBE } from "./store/probe";
import { placeOf } from "./store/settings";

/** What `moveBack` did. */
export interface FolderBack {
  /** Objects that became files. */
  readonly fetched: number;
  readonly bytes: number;
  /** Objects that did not, and why. */
  readonly left: Left;
  /** Files whose objects were removed since: they are still in the folder. */
  readonly gone: Left;
}

const ROOM = 16;
const ATTEMPTS = 3;

/**
 * Brings back into the folder what was written to the store since the files were moved. Objects that were in the bucket before are not
 * touched, nor is a file that was changed in the folder meanwhile, and none is removed. Can be called again after a kill.
 * @throws UserError when the folder or the store fails, or another process moves these files.
 */
export async function moveBack(move: FolderMove): Promise<FolderBack> {
  const { folder, store, signal, onProgress = () => undefined } = move;
  const root = await realpath(folder).catch((error: unknown) => {
    throw folderFailure(error, folder);
  });
  const journal = openJournal(move.journal, folder, placeOf(store.settings));
  try {
    await removePartials(root);
    const left = leftCollector();
    const gone = leftCollector();
    let [fetched, bytes] = [0, 0];
    const fetching = pool(ROOM);
    journal.beginListing();
    try {
      for await (const page of store.list({ signal })) {
        journal.listed(page);
        for (const object of page) {
          if (object.key.startsWith(PROBE) || journal.find(object.key)?.etag === object.etag || journal.isOther(object))
            continue;
          await fetching.add(1, async () => {
            const why = await fetch(move, journal, root, object);
            if (why !== undefined) return left.add({ path: object.key, why });
            fetched++;
            bytes += object.bytes;
            onProgress({ phase: "files back", done: fetched, unit: "files" });
          });
        }
      }
    } finally {
      await fetching.end();
    }
    for (const { path } of journal.unlisted()) gone.add({ path, why: "its object was removed since" });
    return { fetched, bytes, left: left.left, gone: gone.left };
  } finally {
    journal.close();
  }
}

/** @returns why the object was left; undefined when its file is there. */
async function fetch(
  { store, signal }: FolderMove,
  journal: Journal,
  root: string,
  object: Listed,
): Promise<string | undefined> {
  const { key } = object;
  if (!canBeFile(key)) return "no file can be called so";
  const stamp = await stampAt(join(root, key));
  if (stamp === "no file") return "something that is no file stands in its place";
  if (stamp !== undefined && stamp !== journal.find(key)?.stamp)
    return (await isThere({ store, signal }, journal, root, object))
      ? undefined
      : "the file in the folder was changed meanwhile";
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const written = await fetchOnce({ store, signal }, journal, root, key);
      if (written !== "cut") return written;
      if (attempt === ATTEMPTS) return "it was written again and again, or came damaged";
    } catch (error) {
      if (error instanceof UserError || attempt === ATTEMPTS) throw explained(error, store.settings, "s3:GetObject");
    }
  }
}

/** Whether the file in an object's place has its contents: a killed run may have brought it, and not noted that. It is noted then. */
async function isThere(
  { store, signal }: Pick<FolderMove, "store" | "signal">,
  journal: Journal,
  root: string,
  { key, etag }: Listed,
): Promise<boolean> {
  const read = await readFile(join(root, key), signal);
  if (typeof read === "string") return false;
  try {
    if (!(await hasContents(store, key, read, signal))) return false;
    const { bytes, sha256, stats } = read;
    journal.note({ path: key, stamp: stampOf(stats), bytes, sha256, etag, settled: false });
    return true;
  } finally {
    read.close();
  }
}

/** @returns undefined when the file is there, or the object is not any more; `cut` when it came damaged. */
async function fetchOnce(
  { store, signal }: Pick<FolderMove, "store" | "signal">,
  journal: Journal,
  root: string,
  key: string,
): Promise<string | undefined> {
  const found = await store.get(key, signal);
  if (found === undefined) return undefined;
  const { bytes, etag, modified, body } = found;
  // What came has to come again: not every object says what its contents are.
  const check = async (sha256: string) => (await hashOf(store, key, signal))?.sha256 === sha256;
  const written = await writeFile(root, { path: key, bytes, modified, body, check });
  if (written === "cut") return "cut";
  if (written === "outside") return "a link in the folder leads out of it";
  journal.note({ path: key, stamp: stampOf(written.stats), bytes, sha256: written.sha256, etag, settled: false });
  return undefined;
}

async function stampAt(path: string): Promise<string | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? stampOf(stats) : "no file";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ENOTDIR") return "no file";
    throw folderFailure(error, path);
  }
}
