import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ExportedState, orphansOf } from "../../cli/rehearsal/made";
import { copySettings } from "../../cli/rehearsal/settingsCopy";
import { backendUrl, type Engine, engineEnvironment, findEngine, placesOf, recoverStack } from "../../engine";
import { type Clouds, startClouds } from "../../rehearsal/clouds";
import type { Fault } from "../../rehearsal/faults";
import type { CloudResource } from "../../rehearsal/model";
import type { CarriedOut } from "../../rehearsal/simulation";
import { World } from "../../rehearsal/world";
import { type Project, SOURCE } from "./project";
import { WITHOUT_CHECKPOINTS } from "./withoutCheckpoints";

/** What can go wrong in a run: what the cloud answers, or the end of one of the two that talk to each other. */
export type RunFault =
  | Fault
  /** The engine and its program are killed right after the cloud has carried out the n-th change. */
  | { readonly at: number; readonly kind: "killed" }
  /** The providers stop right after the n-th change; the engine goes on without them. */
  | { readonly at: number; readonly kind: "stopped" };

export interface EngineRun {
  /** The engine's exit code; null when it was killed. */
  readonly code: number | null;
  /** All that it said, on both streams. */
  readonly said: string;
  /** What the clouds carried out, in order. */
  readonly changes: readonly CarriedOut[];
}

/** A stack in simulated clouds, run by the real engine. Each run has clouds of its own on the same world file, as each command has. */
export interface RehearsedStack {
  /** The folder that holds its state, its clouds and its settings. */
  readonly place: string;
  /** Brings it up as `ladder rehearse` does, but without a preview. A fault makes the run fail. */
  up(fault?: RunFault): Promise<EngineRun>;
  /** Looks at what is really there and previews. The exit code is 0 only when there is nothing to change. */
  previewNothing(): Promise<EngineRun>;
  /** A preview as the guard takes it: the engine's JSON. */
  previewJson(): Promise<string>;
  destroy(fault?: RunFault): Promise<EngineRun>;
  /** Any other command of the engine, such as `stack output`. */
  pulumi(...args: string[]): Promise<EngineRun>;
  /** Replaces each text in the settings. Throws when one is not there. */
  change(replacements: Readonly<Record<string, string>>): void;
  state(): ExportedState;
  held(): readonly CloudResource[];
  /** What the clouds hold and the state does not know. */
  orphans(): readonly CloudResource[];
  /** The same stack in another folder, as it is now. */
  copy(to: string): RehearsedStack;
}

let engine: Promise<Engine> | undefined;

/** Makes a stack of a project's copy, which is not brought up yet. */
export async function rehearsedStack(project: Project, stack: string, place: string): Promise<RehearsedStack> {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "Pulumi.yaml"), "name: scaling-ladder\nruntime: nodejs\n");
  copySettings(project.at(`Pulumi.${stack}.yaml`), settingsOf(place));
  engine ??= findEngine({ root: SOURCE, env: process.env, progress: () => undefined });
  return stackIn(project, await engine, stack, place);
}

const settingsOf = (place: string): string => join(place, "settings.yaml");
const worldOf = (place: string): string => join(place, "clouds.jsonl");

function stackIn(project: Project, { pulumi, ...found }: Engine, stack: string, place: string): RehearsedStack {
  const own = { ...project.env, PULUMI_BACKEND_URL: backendUrl(placesOf(place).state) };
  const { env } = engineEnvironment({ pulumi, ...found }, { root: place, env: own });
  const checkpoint = join(placesOf(place).state, ".pulumi/stacks/scaling-ladder", `${stack}.json`);

  async function run(args: readonly string[], cwd: string, fault?: RunFault): Promise<EngineRun> {
    const changes: CarriedOut[] = [];
    let child: ChildProcess | undefined;
    let stopped = false;
    const clouds: Clouds = await startClouds({
      file: worldOf(place),
      region: "us-east-1",
      faults: fault !== undefined && isOfCloud(fault) ? [fault] : [],
      onChange: (change) => {
        changes.push(change);
        if (fault?.at !== changes.length || isOfCloud(fault)) return;
        if (fault.kind === "stopped") clouds.stop();
        else if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        stopped = fault.kind === "stopped";
      },
    });
    try {
      const ready = { pulumi, env: { ...env, ...clouds.env } };
      if (existsSync(checkpoint))
        await recoverStack(ready, { root: place, stack, progress: () => undefined, allRepeatable: true });
      const environment = fault === undefined ? { ...ready.env, ...WITHOUT_CHECKPOINTS } : ready.env;
      child = spawn(pulumi, [...args, "--stack", stack, "--non-interactive"], {
        cwd,
        env: environment,
        detached: true,
      });
      return { ...(await endOf(child)), changes };
    } finally {
      if (!stopped) clouds.stop();
    }
  }

  const withProgram = (verb: string, ...args: string[]): string[] => [
    verb,
    "--config-file",
    settingsOf(place),
    "--parallel",
    "64",
    "--suppress-progress",
    ...args,
  ];
  const initialised = async (): Promise<void> => {
    if (!existsSync(checkpoint)) await run(["stack", "init", "--no-select"], place);
  };
  const state = (): ExportedState => {
    const kept = JSON.parse(readFileSync(checkpoint, "utf8")) as {
      checkpoint?: { latest?: ExportedState["deployment"] };
    };
    return { deployment: kept.checkpoint?.latest ?? {} };
  };
  const held = (): readonly CloudResource[] => new World(worldOf(place)).all();
  return {
    place,
    async up(fault) {
      await initialised();
      return run(withProgram("up", "--refresh", "--yes", "--skip-preview", "--suppress-outputs"), project.root, fault);
    },
    previewNothing: () =>
      run(withProgram("preview", "--refresh", "--diff", "--expect-no-changes", "--suppress-outputs"), project.root),
    async previewJson() {
      await initialised();
      const { said, code } = await run(withProgram("preview", "--json", "--show-sames"), project.root);
      const from = said.indexOf("{");
      if (from === -1) throw new Error(`the preview gave no JSON and ended with ${code}:\n${said}`);
      return said.slice(from, said.lastIndexOf("}") + 1);
    },
    destroy: (fault) => run(withProgram("destroy", "--yes", "--skip-preview"), project.root, fault),
    pulumi: (...args) => run(args, place),
    change(replacements) {
      const changed = Object.entries(replacements).reduce(
        (text, [from, to]) => {
          if (!text.includes(from)) throw new Error(`the settings of ${stack} do not hold ${from}`);
          return text.replace(from, to);
        },
        readFileSync(settingsOf(place), "utf8"),
      );
      writeFileSync(settingsOf(place), changed);
    },
    state,
    held,
    orphans: () => orphansOf(state(), held()),
    copy(to) {
      cpSync(place, to, { recursive: true });
      return stackIn(project, { pulumi, ...found }, stack, to);
    },
  };
}

const isOfCloud = (fault: RunFault): fault is Fault => fault.kind !== "killed" && fault.kind !== "stopped";

function endOf(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, said }));
  });
}
