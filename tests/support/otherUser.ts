import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] as const;
const isRoot = process.getuid?.() === 0;

/**
 * True where a test can act as a user who may not read everything: as the ordinary user it is, or as root with setpriv
 * in a project folder that others can read.
 */
export const canBeOrdinary =
  !isRoot || spawnSync(asNobody[0], [...asNobody.slice(1), "test", "-r", join(ROOT, "package.json")]).status === 0;

/**
 * Calls `check` of a provider of `local/` as an ordinary user and returns what it said, one line per reason.
 * A process of root is started as user 65534; a process of an ordinary user stays who it is.
 */
export function checkAsOrdinaryUser(provider: "sqlite" | "folder" | "dotenv", inputs: object, folder: string): string {
  const script = `
    const { provider } = require(${JSON.stringify(join(ROOT, "local", provider, "provider.ts"))});
    const { failures } = provider.check({}, ${JSON.stringify(inputs)});
    for (const { reason } of failures) console.log(reason);
  `;
  if (isRoot) chmodSync(folder, 0o755);
  const [program = "", ...args] = [
    ...(isRoot ? asNobody : []),
    process.execPath,
    "--require",
    "tsx/cjs",
    "--eval",
    script,
  ];
  const run = spawnSync(program, args, { cwd: ROOT, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}
