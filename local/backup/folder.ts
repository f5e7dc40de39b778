import { mkdir, stat, statfs } from "node:fs/promises";
import { UserError } from "../../settings/errors";
import { errorCode, noRoom } from "./failures";

/** Creates a folder (0700) with those above it where missing. Throws UserError when a file stands in its place. */
export async function ensureFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOTDIR")
      throw new UserError(
        `${folder} cannot be a folder: a file stands in its place. Move it away or name another folder.`,
      );
    throw error;
  }
  if (!(await stat(folder)).isDirectory()) throw new UserError(`${folder} is not a folder. Name another one.`);
}

const MEGABYTE = 1024 * 1024;

/** Refuses before any work when the folder's file system has clearly too little room for `bytes`. */
export async function ensureRoom(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  if (free < bytes)
    throw noRoom(folder, `${Math.ceil(bytes / MEGABYTE)} MB needed, ${Math.floor(free / MEGABYTE)} MB free`);
}
