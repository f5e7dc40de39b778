import type { BigIntStats, Dir } from "node:fs";
import { lstat, opendir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { codeOf } from "../../../schema/connectionErrors";
import { folderFailure } from "./failure";

/** A file as it stood when the folder was walked. */
export interface FoundFile {
  /** Relative to the folder, with `/`: the object's key. */
  readonly path: string;
  /** Where its contents are: another place for a symbolic link. */
  readonly real: string;
  readonly stats: BigIntStats;
}

/** Something in the folder that cannot become an object. */
export interface LeftEntry {
  /** Bytes that are no UTF-8 are shown as U+FFFD. */
  readonly path: string;
  readonly why: string;
}

/** A part of a folder. */
export interface Batch {
  readonly files: readonly FoundFile[];
  readonly left: readonly LeftEntry[];
}

const BATCH = 256;
const LONGEST_KEY = 1024;

/** Files that a rollback had not finished when it was killed. */
export const PARTIAL = /^\.ladder-[0-9a-f-]{36}\.partial$/;

/**
 * All files below a folder, in no order, with memory for one batch and one handle for each level. What vanishes meanwhile is left out.
 * @throws UserError when a folder may not be read: what is in it would else be taken for removed.
 */
export async function* walkFolder(root: string): AsyncGenerator<Batch> {
  const real = await realpath(root).catch((error: unknown) => {
    throw folderFailure(error, root);
  });
  yield* walk(real, "");
}

async function* walk(root: string, folder: string): AsyncGenerator<Batch> {
  let names: Buffer[] = [];
  let open: Dir;
  try {
    open = await opendir(join(root, folder), { encoding: "buffer" as BufferEncoding, bufferSize: BATCH });
  } catch (error) {
    if (codeOf(error) === "ENOENT" && folder !== "") return;
    throw folderFailure(error, join(root, folder));
  }
  for await (const entry of open) {
    names.push(Buffer.from(entry.name));
    if (names.length < BATCH) continue;
    yield* batch(root, folder, names);
    names = [];
  }
  yield* batch(root, folder, names);
}

async function* batch(root: string, folder: string, names: readonly Buffer[]): AsyncGenerator<Batch> {
  const entries = await Promise.all(names.map((name) => look(root, folder, name)));
  const files = entries.flatMap((entry) => (entry !== undefined && "stats" in entry ? [entry] : []));
  const left = entries.flatMap((entry) => (entry !== undefined && "why" in entry ? [entry] : []));
  if (files.length + left.length > 0) yield { files, left };
  for (const entry of entries) if (entry !== undefined && "folder" in entry) yield* walk(root, entry.folder);
}

type Entry = FoundFile | LeftEntry | { readonly folder: string } | undefined;

async function look(root: string, folder: string, bytes: Buffer): Promise<Entry> {
  const name = bytes.toString("utf8");
  const path = folder === "" ? name : `${folder}/${name}`;
  if (PARTIAL.test(name)) return undefined;
  if (!Buffer.from(name).equals(bytes)) return { path, why: "its name is no UTF-8" };
  try {
    const stats = await lstat(join(root, path), { bigint: true });
    if (stats.isDirectory()) return { folder: path };
    if (Buffer.byteLength(path) > LONGEST_KEY) return { path, why: `its path is longer than ${LONGEST_KEY} bytes` };
    if (stats.isSymbolicLink()) return await followed(root, path);
    if (!stats.isFile()) return { path, why: "it is no file" };
    return { path, real: join(root, path), stats };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw folderFailure(error, join(root, path));
  }
}

/** A link counts as the file that it leads to, if that is in the folder. */
async function followed(root: string, path: string): Promise<Entry> {
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) return { path, why: "it is a symbolic link that leads nowhere" };
  if (!real.startsWith(root + sep)) return { path, why: "it is a symbolic link that leads out of the folder" };
  const stats = await stat(real, { bigint: true });
  return stats.isFile() ? { path, real, stats } : { path, why: "it is a symbolic link to something that is no file" };
}
