import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backendUrl, engineEnvironment, findEngine, placesOf } from "../../engine";
import { startClouds } from "../../rehearsal/clouds";
import type { CapturedStack } from "./capture";
import { type Run, SOURCE } from "./project";

export interface ReplayRun extends Run {
  /** From the start of the engine to its end. */
  readonly seconds: number;
}

/** A place in which the real engine runs captured stacks in simulated clouds, one command at a time. */
export interface Replay {
  /** @param words What comes besides, such as `--policy-pack`. The output is a stream of the engine's events. */
  preview(stack: CapturedStack, ...words: string[]): Promise<ReplayRun>;
  /** The output is one JSON value, as `captureStack` takes it. */
  previewJson(stack: CapturedStack): Promise<ReplayRun>;
  /** Brings the stack up. Each stack needs a place of its own for that. */
  up(stack: CapturedStack): Promise<ReplayRun>;
  /** Any command of the engine about the state of that stack, such as `policy analyze`. */
  pulumi(stack: CapturedStack, ...words: string[]): Promise<ReplayRun>;
}

const PROGRAM = "replayProgram.cjs";
const STREAMING = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

/** Writes the program of all replays. Several engines may run it at the same time. */
export function writeReplayProgram(folder: string): void {
  mkdirSync(folder, { recursive: true });
  // Started as the project itself is, and so as quickly.
  const preload = join(SOURCE, "engine", "preload.cjs");
  const options = ["    typescript: false", `    nodeargs: --require=${preload}`];
  const yaml = ["name: scaling-ladder", "runtime:", "  name: nodejs", "  options:", ...options, `main: ${PROGRAM}`, ""];
  writeFileSync(join(folder, "Pulumi.yaml"), yaml.join("\n"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "replay", main: PROGRAM }));
  copyFileSync(join(__dirname, PROGRAM), join(folder, PROGRAM));
  symlinkSync(join(SOURCE, "node_modules"), join(folder, "node_modules"));
}

/**
 * @param program Folder of the program.
 * @param place Empty folder for the state, the clouds and the stack's description.
 */
export async function openReplay(program: string, place: string, given: NodeJS.ProcessEnv): Promise<Replay> {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "Pulumi.yaml"), "name: scaling-ladder\nruntime: nodejs\n");
  const settings = join(place, "settings.yaml");
  writeFileSync(settings, "config: {}\n");
  const engine = await findEngine({ root: SOURCE, env: process.env, progress: () => undefined });
  const own = { ...given, PULUMI_BACKEND_URL: backendUrl(placesOf(place).state) };
  const { env } = engineEnvironment(engine, { root: place, env: own });
  const file = join(place, "replay.json");
  const known = new Set<string>();

  async function run(cwd: string, words: readonly string[], more = {}): Promise<ReplayRun> {
    const clouds = await startClouds({ file: join(place, "clouds.jsonl"), region: "us-east-1" });
    try {
      const began = performance.now();
      const child = spawn(engine.pulumi, [...words, "--non-interactive"], {
        cwd,
        env: { ...env, ...clouds.env, REPLAY: file, ...more },
      });
      const said = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const)
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          said[stream] += text;
        });
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on("error", reject).on("close", resolve);
      });
      return { code, ...said, seconds: (performance.now() - began) / 1000 };
    } finally {
      clouds.stop();
    }
  }

  async function about(cwd: string, stack: CapturedStack, words: readonly string[], more = {}): Promise<ReplayRun> {
    if (!known.has(stack.stack)) {
      const made = await run(place, ["stack", "init", "--no-select", "--stack", stack.stack]);
      if (made.code !== 0) throw new Error(made.stderr);
      known.add(stack.stack);
    }
    writeFileSync(file, JSON.stringify(stack));
    return run(cwd, [...words, "--stack", stack.stack], more);
  }

  const withProgram = ["--config-file", settings, "--parallel", "64"];
  const preview = ["preview", "--json", ...withProgram];
  return {
    preview: (stack, ...words) => about(program, stack, [...preview, ...words], STREAMING),
    previewJson: (stack) => about(program, stack, preview),
    up: (stack) => about(program, stack, ["up", "--yes", "--skip-preview", "--suppress-progress", ...withProgram]),
    pulumi: (stack, ...words) => about(place, stack, words),
  };
}
