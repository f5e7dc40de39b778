import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The project that the tests belong to. */
export const SOURCE = join(__dirname, "..", "..");

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LadderOptions {
  /** On top of the project's environment; undefined takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the user stands. Default: the project folder. */
  readonly cwd?: string;
  /** A command to run it through, for example `setpriv …`. */
  readonly through?: readonly string[];
}

/** A copy of the project as a clone would be, with the dependencies installed and without its tests, in a temporary folder of its own. */
export interface Project {
  readonly root: string;
  /** The folder around it, for what belongs to the test and not to the project. */
  readonly outside: string;
  /** The environment that commands run in. */
  readonly env: NodeJS.ProcessEnv;
  at(...parts: string[]): string;
  read(...parts: string[]): string;
  write(path: string, text: string): void;
  /** Writes the settings of a stack: lines below `config:`, keys without their namespace. */
  settings(lines: readonly string[], stack?: string): void;
  /** Runs `ladder` as typed. Standard streams are no terminals. */
  ladder(args: readonly string[], options?: LadderOptions): Promise<Run>;
  /** Starts it, as the leader of a process group of its own. */
  start(args: readonly string[], options?: LadderOptions): Started;
  remove(): void;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Run>;
}

let listed: string[] | undefined;

/** What git would hand to somebody who clones the project, with what is not committed yet, but without the tests. */
function projectFiles(): string[] {
  listed ??= execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: SOURCE, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && !/^(tests|bench)\//.test(file) && existsSync(join(SOURCE, file)));
  return listed;
}

/** Nothing of the user's, nor of the test runner's, may decide what the copy does. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PULUMI_|LADDER_|npm_|VITEST|INIT_CWD$|NODE_OPTIONS$|NODE_ENV$|FORCE_COLOR$)/.test(name),
    ),
  );
}

/** Copies the project into a folder of that name. Without `dependencies` the copy is as after `git clone`. */
export function copyProject(name = "my project", { dependencies = true } = {}): Project {
  const outside = realpathSync(mkdtempSync(join(tmpdir(), "ladder-e2e-")));
  const root = join(outside, name);
  for (const file of projectFiles()) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(SOURCE, file), join(root, file));
  }
  if (dependencies) symlinkSync(join(SOURCE, "node_modules"), join(root, "node_modules"));
  const home = join(outside, "pulumi home");
  mkdirSync(home);
  const plain = { ...plainEnvironment(), PULUMI_HOME: home };

  const start = (args: readonly string[], options: LadderOptions = {}): Started => {
    const [program = "", ...rest] = [
      ...(options.through ?? []),
      process.execPath,
      join(root, "cli", "ladder.cjs"),
      ...args,
    ];
    const env = { ...plain, ...options.env };
    const child = spawn(program, rest, { cwd: options.cwd ?? root, env, stdio: "pipe", detached: true });
    child.stdin.end();
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
    });
    const ended = new Promise<Run>((resolve, reject) => {
      child.on("error", reject).on("close", (code) => resolve({ code, ...said }));
    });
    return { process: child, ended };
  };

  return {
    root,
    outside,
    env: plain,
    at: (...parts) => join(root, ...parts),
    read: (...parts) => readFileSync(join(root, ...parts), "utf8"),
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    settings: (lines, stack = "dev") =>
      writeFileSync(
        join(root, `Pulumi.${stack}.yaml`),
        ["config:", ...lines.map((line) => (line.startsWith(" ") ? line : `  scaling-ladder:${line}`)), ""].join("\n"),
      ),
    ladder: (args, options) => start(args, options).ended,
    start,
    remove: () => rmSync(outside, { recursive: true, force: true }),
  };
}

/** Runs `work` on a copy of the project, and removes the copy. */
export async function withProject(work: (project: Project) => void | Promise<void>, name?: string): Promise<void> {
  const project = copyProject(name);
  try {
    await work(project);
  } finally {
    project.remove();
  }
}

/** The files below a folder with their content, to show that nobody wrote there. SQLite's `-shm` is no content. */
export function contentOf(folder: string, skip: readonly string[] = ["node_modules", ".ladder"]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !skip.includes(name) && !name.endsWith("-shm"))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return [path, ...contentOf(path, skip)];
      if (!entry.isFile()) return [`${path}: neither file nor folder`];
      const bytes = readFileSync(path);
      // An empty log is what opening a database leaves, and says nothing.
      if (entry.name.endsWith("-wal") && bytes.length === 0) return [];
      return [`${path}: ${createHash("sha256").update(bytes).digest("hex")}`];
    })
    .sort();
}
