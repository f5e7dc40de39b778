import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const isRoot = process.getuid?.() === 0;

/**
 * Calls `check` of a provider of `local/` as an ordinary user and returns what it said, one line per reason.
 * A process of an ordinary user stays who it is. One of root loads everything first and then becomes user 65534, so
 * that it does not matter whether that user may read the project.
 */
export function checkAsOrdinaryUser(provider: "sqlite" | "folder" | "dotenv", inputs: object, folder: string): string {
  const script = `
    const { provider } = require(${JSON.stringify(join(ROOT, "local", provider, "provider.ts"))});
    new (require("better-sqlite3"))(":memory:").close();
    if (${isRoot}) {
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
    }
    const { failures } = provider.check({}, ${JSON.stringify(inputs)});
    for (const { reason } of failures) console.log(reason);
  `;
  if (isRoot) chmodSync(folder, 0o755);
  const run = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], { cwd: ROOT, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}
