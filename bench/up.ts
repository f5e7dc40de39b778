/**
 * Times `npm run up` on a stack that has nothing to change, in a copy of the project with a state of its own.
 * Needs an engine that is there already. Run: `npm run bench -- up [rounds]`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge, median, printLines } from "./measure";

const ROOT = join(__dirname, "..");
const LIMIT_SECONDS = 8;

/** Copies what git knows or would take, so that neither state nor data of the checkout is touched. */
function copyProject(to: string): void {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: ROOT, encoding: "utf8" });
  for (const file of files.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name)))) {
    cpSync(join(ROOT, file), join(to, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
}

function up(project: string): { seconds: number; told: string } {
  const { PULUMI_BACKEND_URL: _url, PULUMI_ACCESS_TOKEN: _token, ...env } = process.env;
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "up"], {
    cwd: project,
    encoding: "utf8",
    env: { ...env, PULUMI_HOME: join(project, ".ladder", "pulumi-home") },
  });
  if (status !== 0) throw new Error(`npm run up ended with exit code ${status}\n${stderr}`);
  return { seconds: (performance.now() - began) / 1000, told: stdout };
}

/** Measures. The first `up` makes everything and is told apart. */
export async function benchUp(rounds = 5): Promise<void> {
  console.log("`npm run up`, dependencies and engine being there");
  const project = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  try {
    copyProject(project);
    const first = up(project);
    const again = Array.from({ length: rounds }, () => up(project));
    const busy = again.find(({ told }) => !told.includes("nothing to change"));
    if (busy !== undefined) throw new Error(`an \`up\` with nothing to do found something:\n${busy.told}`);
    const seconds = again.map((each) => each.seconds);
    printLines([
      { what: "first, everything to make", values: [first.seconds] },
      { what: "again, nothing to change", values: seconds },
    ]);
    judge({ what: "again, nothing to change", value: median(seconds), limit: LIMIT_SECONDS, unit: " s" });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
