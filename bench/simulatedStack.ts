import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedState } from "../cli/rehearsal/made";
import { copySettings } from "../cli/rehearsal/settingsCopy";
import { backendUrl, engineEnvironment, findEngine, placesOf } from "../engine";
import { startClouds } from "../rehearsal/clouds";
import type { CarriedOut } from "../rehearsal/simulation";
import { SOURCE } from "../tests/support/project";
import { peakOfProgram } from "./peakMemory";

/** As `ladder rehearse` does. */
const PARALLEL = "64";

/** One command of the engine, measured. */
export interface MeasuredRun {
  /** From the start of the engine to its end. */
  readonly seconds: number;
  /** The most memory that the program's process had, in MB; the engine and the simulated clouds are other processes. */
  readonly megabytes: number;
  readonly stdout: string;
  readonly changes: readonly TimedChange[];
}

/** A change that the simulated clouds carried out. */
export interface TimedChange extends CarriedOut {
  /** When it was done, in seconds from the start of the engine. */
  readonly at: number;
}

export interface SimulatedStackArgs {
  /** Folder of the program: our project, or the same resources written plainly. */
  readonly program: string;
  readonly stack: string;
  /** Settings file; a program without settings has none. */
  readonly settings?: string;
  /** Empty folder for its state and its clouds. */
  readonly place: string;
  /** Folder in which compilers keep what they compiled. Default: in `place`. */
  readonly caches?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A stack in simulated clouds, which the real engine runs and a stopwatch watches. */
export interface SimulatedStack {
  preview(): Promise<MeasuredRun>;
  /** @param timeScale Seconds to wait for each second that the real cloud would typically take. */
  up(timeScale: number): Promise<MeasuredRun>;
  state(): ExportedState;
}

export async function simulatedStack(args: SimulatedStackArgs): Promise<SimulatedStack> {
  const { program, stack, settings, place, caches = join(place, "tmp") } = args;
  const engine = await findEngine({ root: SOURCE, env: process.env, progress: () => undefined });
  for (const folder of [place, caches]) mkdirSync(folder, { recursive: true });
  // The engine writes a salt beside the project file that it finds: here it finds this one.
  writeFileSync(join(place, "Pulumi.yaml"), "name: scaling-ladder\nruntime: nodejs\n");
  const file = join(place, "settings.yaml");
  if (settings === undefined) writeFileSync(file, "config: {}\n");
  else copySettings(settings, file);
  const own = { ...args.env, TMPDIR: caches, PULUMI_BACKEND_URL: backendUrl(placesOf(place).state) };
  const { env } = engineEnvironment(engine, { root: place, env: own });

  async function run(words: readonly string[], cwd: string, timeScale = 0): Promise<MeasuredRun> {
    const changes: TimedChange[] = [];
    let began = performance.now();
    const since = (): number => (performance.now() - began) / 1000;
    const clouds = await startClouds({
      file: join(place, "clouds.jsonl"),
      region: "us-east-1",
      timeScale,
      onChange: (change) => void changes.push({ ...change, at: since() }),
    });
    const ended = new AbortController();
    try {
      const watched = peakOfProgram(cwd, ended.signal);
      began = performance.now();
      const child = spawn(engine.pulumi, [...words, "--stack", stack, "--non-interactive"], {
        cwd,
        env: { ...env, ...clouds.env },
      });
      const { code, stdout, stderr } = await endOf(child);
      const seconds = since();
      ended.abort();
      if (code !== 0) throw new Error(`pulumi ${words.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
      return { seconds, megabytes: await watched, stdout, changes };
    } finally {
      ended.abort();
      clouds.stop();
    }
  }

  await run(["stack", "init", "--no-select"], place);
  const withProgram = ["--config-file", file, "--parallel", PARALLEL];
  return {
    preview: () => run(["preview", "--json", ...withProgram], program),
    up: (timeScale) =>
      run(["up", "--yes", "--skip-preview", "--suppress-progress", ...withProgram], program, timeScale),
    state() {
      const checkpoint = join(placesOf(place).state, ".pulumi/stacks/scaling-ladder", `${stack}.json`);
      const kept = JSON.parse(readFileSync(checkpoint, "utf8")) as {
        checkpoint: { latest: ExportedState["deployment"] };
      };
      return { deployment: kept.checkpoint.latest };
    },
  };
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, ...said };
}
