import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { engineKey } from "./goModules";
import { canWriteFolder } from "./writable";

/** How the engine in a cache entry was made. */
export type MadeBy = "installer" | "build";

/** A whole engine in the cache. */
export interface CacheEntry {
  readonly folder: string;
  readonly binDir: string;
  readonly pulumi: string;
  readonly madeBy: MadeBy;
}

const MADE_BY = "made-by";

/**
 * The folders that may hold engines, best first: the user's cache (XDG_CACHE_HOME, else ~/.cache), then the project's
 * own `.ladder/cache` for machines without a usable home.
 */
export function cacheFolders(root: string, env: NodeJS.ProcessEnv): string[] {
  const folders: string[] = [];
  // The XDG rules say that a relative path is to be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) folders.push(env.XDG_CACHE_HOME);
  else if (env.HOME && isAbsolute(env.HOME)) folders.push(join(env.HOME, ".cache"));
  return [...folders.map((folder) => join(folder, "scaling-ladder")), join(root, ".ladder", "cache")];
}

/** The first of the folders that can be written, with `engine/` in it; undefined when there is none. */
export function writableEngineFolder(folders: readonly string[]): string | undefined {
  const folder = folders.find(canWriteFolder);
  if (folder === undefined) return undefined;
  const engines = join(folder, "engine");
  mkdirSync(engines, { recursive: true, mode: 0o700 });
  return engines;
}

/** The entry for this project's engine in `engines`, if there is one. It is whole, but may have been damaged since. */
export function readEntry(engines: string): CacheEntry | undefined {
  const folder = join(engines, engineKey());
  if (!existsSync(folder)) return undefined;
  let madeBy: MadeBy = "build";
  try {
    if (readFileSync(join(folder, MADE_BY), "utf8").trim() === "installer") madeBy = "installer";
  } catch {
    // Damaged: the check of `pulumi version` decides.
  }
  return { folder, binDir: join(folder, "bin"), pulumi: join(folder, "bin", "pulumi"), madeBy };
}

/**
 * Makes the entry in a folder beside its place and moves it there when `make` has finished and the result was checked.
 * What fails or is killed on the way leaves no entry. Call it with the lock of the cache held.
 * @param make fills the folder it is given; the engine goes into its `bin`. Throws to give up.
 */
export async function createEntry(
  engines: string,
  madeBy: MadeBy,
  make: (folder: string) => Promise<void>,
): Promise<CacheEntry> {
  const key = engineKey();
  const partial = join(engines, `${partialPrefix(key)}${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    mkdirSync(join(partial, "bin"), { recursive: true });
    await make(partial);
    writeFileSync(join(partial, MADE_BY), `${madeBy}\n`);
    renameSync(partial, join(engines, key));
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  const entry = readEntry(engines);
  if (!entry) throw new Error("the new engine vanished from the cache");
  return entry;
}

/** Removes what killed builds left. Call it with the lock held: then nobody else is building. Gives their number. */
export function removeLeftovers(engines: string): number {
  const leftovers = readdirSync(engines).filter((name) => name.startsWith(partialPrefix(engineKey())));
  for (const name of leftovers) rmSync(join(engines, name), { recursive: true, force: true });
  return leftovers.length;
}

function partialPrefix(key: string): string {
  return `.partial-${key}-`;
}
