import { join } from "node:path";
import { capture, lastLine } from "./childProcess";
import { WayFailed } from "./errors";
import { neededGo } from "./goModules";
import { findExecutable } from "./onPath";
import { compareVersions, formatVersion, parseVersion, type Version } from "./version";
import { canWriteFolder } from "./writable";

/** From this version on, Go fetches a newer toolchain by itself. */
const FIRST_WITH_TOOLCHAINS: Version = [1, 21, 0];

/** Whether an installed Go builds the engine itself (`local`), can fetch one that does (`auto`), or is too old. */
export function toolchainFor(installed: Version, needed: Version): "local" | "auto" | "too old" {
  if (compareVersions(installed, needed) >= 0) return "local";
  return compareVersions(installed, FIRST_WITH_TOOLCHAINS) >= 0 ? "auto" : "too old";
}

/** A usable Go and the environment to run it in. */
export interface Go {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds Go and settles its environment. Where Go's own caches cannot be written (no HOME, a read-only home) they go
 * into `scratch`.
 */
export async function findGo(scratch: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Go> {
  const command = findExecutable("go", env);
  const needed = neededGo();
  if (!command) throw new WayFailed(`Go is not installed (version ${formatVersion(needed)} or newer is needed)`);
  const asked = await capture(command, ["version"], { env: { ...env, GOTOOLCHAIN: "local" }, signal });
  const installed = parseVersion(asked.stdout);
  if (asked.code !== 0 || !installed) throw new WayFailed(`${command} does not run (${lastLine(asked.stderr)})`);
  const toolchain = toolchainFor(installed, needed);
  if (toolchain === "too old") {
    throw new WayFailed(`Go ${formatVersion(installed)} is too old, ${formatVersion(needed)} or newer is needed`);
  }
  const base: NodeJS.ProcessEnv = {
    ...env,
    GOTOOLCHAIN: toolchain,
    GOFLAGS: "",
    GOWORK: "off",
    // A static program: needs no C compiler, and knows users that only HOME and USER describe.
    CGO_ENABLED: "0",
  };
  return { command, env: { ...base, ...(await ownCaches(command, scratch, base, signal)) } };
}

async function ownCaches(
  command: string,
  scratch: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<NodeJS.ProcessEnv> {
  const asked = await capture(command, ["env", "GOPATH", "GOMODCACHE", "GOCACHE"], { env, signal });
  const names = ["GOPATH", "GOMODCACHE", "GOCACHE"] as const;
  const folders = asked.code === 0 ? asked.stdout.split("\n") : [];
  const ours: NodeJS.ProcessEnv = {};
  names.forEach((name, index) => {
    const folder = folders[index]?.trim();
    if (!folder || folder === "off" || !canWriteFolder(folder)) ours[name] = join(scratch, name.toLowerCase());
  });
  return ours;
}
