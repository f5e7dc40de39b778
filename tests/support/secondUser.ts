import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readyEngine } from "../../engine";
import { type Project, SOURCE } from "./project";

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

/** What a command is run through by somebody who may not read and write everything: nothing, for a user who is no root. */
export const ordinaryUser: readonly string[] = isRoot
  ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"]
  : [];

/** Whether the ordinary user may read the dependencies of this checkout, which a copy of the project only links to. */
function mayReadDependencies(): boolean {
  const [program = "true", ...args] = [
    ...ordinaryUser,
    "test",
    "-r",
    join(SOURCE, "node_modules", "tsx", "package.json"),
  ];
  return spawnSync(program, args).status === 0;
}

let readable: string | undefined;

/** A copy of the dependencies that everybody may read, made once and removed when the tests end. */
function readableDependencies(): string {
  if (readable !== undefined) return readable;
  const folder = mkdtempSync(join(tmpdir(), "ladder-dependencies-"));
  chmodSync(folder, 0o755);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync("cp", ["-a", join(SOURCE, "node_modules"), folder]);
  readable = join(folder, "node_modules");
  return readable;
}

/** Gives everything below a folder to the ordinary user. */
export function giveAway(folder: string): void {
  if (isRoot) execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, folder]);
}

/**
 * Lets other users of this machine into the folder around a project, and makes one of them a home, with the engine
 * unless nothing will need it.
 */
export async function otherHome(project: Project, { engine = true } = {}): Promise<NodeJS.ProcessEnv> {
  const home = join(project.outside, "other home");
  mkdirSync(home);
  if (engine) await lendEngine(join(home, ".cache", "scaling-ladder"));
  if (!mayReadDependencies()) {
    rmSync(project.at("node_modules"));
    symlinkSync(readableDependencies(), project.at("node_modules"));
  }
  giveAway(home);
  chmodSync(project.outside, 0o755);
  return { HOME: home, XDG_CACHE_HOME: undefined, PULUMI_HOME: undefined, USER: undefined };
}

/** Gives a folder for caches the engine that this user has, as a run of its own would have made it there. */
export async function lendEngine(cache: string): Promise<void> {
  const engine = await readyEngine({ root: SOURCE, env: process.env, progress: () => undefined });
  // One on PATH is there for everybody; one that is still missing, the run makes itself.
  if (engine === undefined || engine.source === "path") return;
  const entry = dirname(engine.binDir);
  cpSync(entry, join(cache, "engine", basename(entry)), { recursive: true });
}
