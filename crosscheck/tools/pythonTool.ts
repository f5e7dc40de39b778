import { join } from "node:path";
import type { FindOptions } from "../../engine";
import { capture, lastLine } from "../../engine/childProcess";
import { findExecutable } from "../../engine/onPath";
import { compareVersions, formatVersion, parseVersion, type Version } from "../../engine/version";
import type { Tool } from "./cache";
import { ToolMissing } from "./missing";

/** The oldest Python that the locked packages are resolved for. */
const NEEDED: Version = [3, 9, 0];

/** Every package that Checkov needs, with the hashes of its files. */
const REQUIREMENTS = join(__dirname, "python/requirements.txt");

/** Checks Terraform plans and Kubernetes manifests against policies. Lives in a virtual environment of its own. */
export const CHECKOV: Tool = {
  name: "checkov",
  locks: [REQUIREMENTS],
  async make(folder, options) {
    const python = await findPython(options);
    const must = async (command: string, args: readonly string[], what: string) => {
      const { code, stderr } = await capture(command, args, { env: options.env, signal: options.signal });
      if (code !== 0) throw new ToolMissing(CHECKOV.name, `${what} failed (${lastLine(stderr)})`);
    };
    await must(python, ["-m", "venv", folder], "python3 -m venv");
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    await must(pythonIn(folder), [...install, "-r", REQUIREMENTS], "pip install");
  },
};

/** The Python of a virtual environment. Its programs are started through it: their own first lines name another folder. */
export const pythonIn = (folder: string): string => join(folder, "bin", "python");

async function findPython({ env, signal }: FindOptions): Promise<string> {
  const needed = `version ${formatVersion(NEEDED)} or newer is needed`;
  const command = findExecutable("python3", env);
  if (command === undefined) throw new ToolMissing(CHECKOV.name, `python3 is not installed (${needed})`);
  const { stdout } = await capture(command, ["--version"], { env, signal });
  const version = parseVersion(stdout);
  if (version === undefined || compareVersions(version, NEEDED) < 0)
    throw new ToolMissing(CHECKOV.name, `${command} is ${stdout.trim() || "no Python"} (${needed})`);
  return command;
}
