import { mkdir, rmdir, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../settings/errors";
import { errorCode, noRoom } from "./failures";

/**
 * Creates a folder (0700) with those above it where missing, and returns the topmost that it made, if any.
 * Throws UserError when a file stands in its place.
 */
export async function ensureFolder(folder: string): Promise<string | undefined> {
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOTDIR")
      throw new UserError(
        `${folder} cannot be a folder: a file stands in its place. Move it away or name another folder.`,
      );
    throw error;
  }
  if (!(await stat(folder)).isDirectory()) throw new UserError(`${folder} is not a folder. Name another one.`);
  return made;
}

/** Takes back what `ensureFolder` made: the folder and those above it up to `made`, as far as they are empty. */
export async function removeMade(folder: string, made: string): Promise<void> {
  for (let at = folder; at.startsWith(made); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return; // Somebody else keeps something there by now.
    }
  }
}

const MEGABYTE = 1024 * 1024;

/** Refuses before any work when the folder's file system has clearly too little room for `bytes`. */
export async function ensureRoom(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  if (free < bytes)
    throw noRoom(folder, `${Math.ceil(bytes / MEGABYTE)} MB needed, ${Math.floor(free / MEGABYTE)} MB free`);
}
