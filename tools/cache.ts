import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import type { FindOptions } from "../engine";
import { cacheFolders } from "../engine/cache";
import { withHeartbeat } from "../engine/heartbeat";
import { canWriteFolder, makePrivateFolder } from "../engine/writable";
import { ToolMissing } from "./missing";

const STALE_MS = 15_000;
/** The largest takes 5 minutes on two idle cores. */
const WAIT_SECONDS = 1_800;

/** A tool of others that we install ourselves, at versions that files of ours lock. */
export interface Tool {
  readonly name: string;
  /** The folder with its programs, in the folder that `make` fills. */
  readonly programs: string;
  /** The files that lock its sources: another content is another entry in the cache. */
  readonly locks: readonly string[];
  /** Fills the folder that it is given; throws a ToolMissing to give up. */
  make(folder: string, options: FindOptions): Promise<void>;
}

/** The folder of a tool in the user's cache; it is installed first when it is not there. Safe to start twice at once. */
export async function installed(tool: Tool, options: FindOptions): Promise<string> {
  const caches = cacheFolders(options.root, options.env);
  const cache = caches.find(canWriteFolder);
  if (cache === undefined) throw new ToolMissing(tool.name, `none of ${caches.join(", ")} can be written`);
  const tools = join(cache, "tools");
  makePrivateFolder(tools);
  const folder = join(tools, keyOf(tool));
  if (existsSync(folder)) return folder;
  // By the name of its own folder, which is not there yet: the library knows its locks by it, and two tools may be installed at once.
  const release = await lockfile.lock(folder, {
    realpath: false,
    lockfilePath: `${folder}.lock`,
    stale: STALE_MS,
    retries: { retries: WAIT_SECONDS, minTimeout: 1_000, maxTimeout: 1_000 },
  });
  try {
    if (!existsSync(folder)) await install(tool, folder, options);
    return folder;
  } finally {
    await release();
  }
}

/** The folder with a tool's programs, for a PATH. */
export const programsOf = async (tool: Tool, options: FindOptions): Promise<string> =>
  join(await installed(tool, options), tool.programs);

/** The program that has the name of its tool. */
export const programOf = async (tool: Tool, options: FindOptions): Promise<string> =>
  join(await programsOf(tool, options), tool.name);

/** Makes it beside its place and moves it there when it is whole, so that what is killed on the way leaves no entry. */
async function install(tool: Tool, folder: string, options: FindOptions): Promise<void> {
  const partial = `${folder}.partial`;
  options.progress(`Installing ${tool.name}, once`);
  try {
    // A killed run may have left one; nobody else is making it now.
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    await withHeartbeat(
      options.progress,
      () => `Installing ${tool.name}`,
      () => tool.make(partial, options),
    );
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function keyOf({ name, locks }: Tool): string {
  const hash = createHash("sha256");
  for (const file of locks) hash.update(readFileSync(file));
  return `${name}-${process.platform}-${process.arch}-${hash.digest("hex").slice(0, 12)}`;
}
