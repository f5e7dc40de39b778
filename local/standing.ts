import { accessSync, constants, lstatSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";

/** What stands at a path, links followed. Undefined when nothing does, which includes a path that leads through a file. */
export function standingAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}

/** Why nothing can be made at a path where nothing stands, as the end of a sentence; undefined when it can. */
export function obstacleBefore(path: string): string | undefined {
  for (let above = path; ; above = dirname(above)) {
    const stats = standingAt(above);
    if (stats?.isDirectory()) return isWritable(above) ? undefined : `this user may not write into ${above}`;
    if (stats !== undefined) return `a part of its path is a file: ${above}`;
    if (isLink(above)) return `${above === path ? "it" : above} is a link to something that is not there`;
  }
}

/** Whether this user may make or replace something in a folder. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
