import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildEngine } from "./build";
import {
  type CacheEntry,
  cacheFolders,
  createEntry,
  type MadeBy,
  readEntry,
  removeLeftovers,
  writableEngineFolder,
} from "./cache";
import { withCacheLock } from "./cacheLock";
import { type Attempt, EngineError, reasonOf, WayFailed } from "./errors";
import { neededGo } from "./goModules";
import { installEngine } from "./installer";
import { findExecutable } from "./onPath";
import type { Engine, FindOptions } from "./types";
import { verifyEngine } from "./verify";
import { formatVersion, MINIMUM_PULUMI } from "./version";

/**
 * The Pulumi engine by the first way that works: `pulumi` on PATH, the cache, the official installer, a build with Go.
 * Whatever is given has answered `pulumi version`. Safe to start twice at once and to interrupt.
 * @throws EngineError when every way failed; it lists them and says what the user can do.
 */
export async function findEngine(options: FindOptions): Promise<Engine> {
  const attempts: Attempt[] = [];
  return (await readyEngine(options, attempts)) ?? (await makeEngine(options, attempts));
}

/** An engine that needs neither download nor build, or undefined; why not is added to `attempts`. */
export async function readyEngine(options: FindOptions, attempts: Attempt[] = []): Promise<Engine | undefined> {
  return (await engineOnPath(options, attempts)) ?? (await engineInCache(options, attempts));
}

async function engineOnPath({ env, signal }: FindOptions, attempts: Attempt[]): Promise<Engine | undefined> {
  const way = "pulumi on PATH";
  const pulumi = findExecutable("pulumi", env);
  if (!pulumi) {
    attempts.push({ way, outcome: "not there" });
    return undefined;
  }
  try {
    const version = await verifyEngine(pulumi, env, signal);
    return { pulumi, version, source: "path", built: false, binDir: dirname(pulumi) };
  } catch (error) {
    attempts.push({ way, outcome: outcomeOf(error) });
    return undefined;
  }
}

async function engineInCache({ root, env, signal }: FindOptions, attempts: Attempt[]): Promise<Engine | undefined> {
  const folders = cacheFolders(root, env);
  const outcomes: string[] = [];
  for (const folder of folders) {
    const entry = readEntry(join(folder, "engine"));
    if (!entry) continue;
    try {
      return await checked(entry, "cache", env, signal);
    } catch (error) {
      outcomes.push(outcomeOf(error));
    }
  }
  attempts.push({ way: "the cache", outcome: outcomes.join("; ") || `nothing in ${folders.join(" or ")}` });
  return undefined;
}

async function makeEngine(options: FindOptions, attempts: Attempt[]): Promise<Engine> {
  const { root, env, progress } = options;
  const folders = cacheFolders(root, env);
  const engines = writableEngineFolder(folders);
  if (!engines) {
    attempts.push({ way: "installing or building", outcome: `none of ${folders.join(", ")} can be written` });
    throw new EngineError(attempts, `${advice()} Or give this user write permission to one of these folders.`);
  }
  return await withCacheLock(engines, progress, options.signal, async (signal) => {
    if (removeLeftovers(engines) > 0) progress("Removed what an interrupted build had left");
    const made = await usableEntry(engines, options, signal);
    if (made) return made;
    const inner: FindOptions = { ...options, signal };
    const ways: { way: string; madeBy: MadeBy; make: (folder: string) => Promise<void> }[] = [
      { way: "the official installer", madeBy: "installer", make: (folder) => installEngine(folder, inner) },
      {
        way: "a build with Go",
        madeBy: "build",
        make: (folder) => buildEngine(folder, join(engines, "go-caches"), inner),
      },
    ];
    for (const { way, madeBy, make } of ways) {
      try {
        const entry = await createEntry(engines, madeBy, async (folder) => {
          await make(folder);
          await verifyEngine(join(folder, "bin", "pulumi"), env, signal);
        });
        const engine = await checked(entry, madeBy, env, signal);
        progress(`Pulumi engine ${engine.version} is ready in ${entry.folder}`);
        return engine;
      } catch (error) {
        signal.throwIfAborted();
        attempts.push({ way, outcome: outcomeOf(error) });
      }
    }
    throw new EngineError(attempts, advice());
  });
}

/** What another run made while we waited; a broken entry is removed, so that it can be made anew. */
async function usableEntry(
  engines: string,
  { env, progress }: FindOptions,
  signal: AbortSignal,
): Promise<Engine | undefined> {
  const entry = readEntry(engines);
  if (!entry) return undefined;
  try {
    return await checked(entry, "cache", env, signal);
  } catch (error) {
    progress(`The cached Pulumi engine is broken and is made anew: ${outcomeOf(error)}`);
    rmSync(entry.folder, { recursive: true, force: true });
    return undefined;
  }
}

async function checked(
  entry: CacheEntry,
  source: Engine["source"],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<Engine> {
  const version = await verifyEngine(entry.pulumi, env, signal);
  return { pulumi: entry.pulumi, version, source, built: entry.madeBy === "build", binDir: entry.binDir };
}

/** Only a way that failed counts as an attempt: an interruption or a fault of ours ends the search. */
function outcomeOf(error: unknown): string {
  if (error instanceof WayFailed) return reasonOf(error);
  if (error instanceof Error && "code" in error && typeof error.code === "string" && /^E[A-Z]+$/.test(error.code)) {
    return reasonOf(error);
  }
  throw error;
}

function advice(): string {
  return [
    "What you can do: install the Pulumi CLI, version",
    `${formatVersion(MINIMUM_PULUMI)} or newer (brew install pulumi/tap/pulumi, or the official installer), or install Go`,
    `${formatVersion(neededGo())} or newer so that it can be built here; then run the command again.`,
  ].join(" ");
}
