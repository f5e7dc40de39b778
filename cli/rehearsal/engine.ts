import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  backendUrl,
  engineEnvironment,
  findEngine,
  holdProject,
  isInOwnState,
  placesOf,
  recoverStack,
  runPulumi,
} from "../../engine";
import { adoptNetwork } from "../../rehearsal/adopted";
import type { Clouds, CloudsOptions } from "../../rehearsal/clouds";
import { type CloudSettings, type Settings, UserError } from "../../settings";
import { stackFileName } from "../../settings/stackFile";
import { progress } from "../console";
import type { OpenEngine } from "../engine";
import { interruptible } from "../interrupt";
import { ROOT } from "../project";
import { quietly } from "../quietly";
import { copySettings } from "./settingsCopy";

/** An engine whose clouds are simulated, with a state of its own. */
export interface RehearsalEngine extends OpenEngine {
  readonly clouds: Clouds;
  stop(): void;
}

/** Resources that the engine works on at the same time: the clouds' own waiting is what takes the time, so more than its default. */
const PARALLEL = "64";

/** Commands of the engine that run or look at the program, and so read settings. */
const WITH_SETTINGS = new Set(["preview", "up", "destroy", "refresh"]);

/** Where the rehearsal of a stack keeps its state, its clouds and its copy of the settings. */
export const rehearsalPlace = (stack: string): string => join(ROOT, ".ladder", "rehearsal", stack);

/**
 * Opens the engine for a rehearsal. Nothing of the real stack is touched: neither its state, nor its settings file, nor a backend
 * that the user is logged in to.
 */
export async function openRehearsal(
  stack: string,
  settings: CloudSettings,
  options: Omit<CloudsOptions, "file" | "region"> = {},
): Promise<RehearsalEngine> {
  const place = rehearsalPlace(stack);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  // `stack init` writes a salt beside the project file that it finds: here it finds this one.
  writeFileSync(join(place, "Pulumi.yaml"), "name: scaling-ladder\nruntime: nodejs\n");
  const file = join(place, `settings.${stack}.yaml`);
  copySettings(join(ROOT, stackFileName(stack)), file);

  const engine = await interruptible((signal) => findEngine({ root: ROOT, env: process.env, progress, signal }));
  const { PULUMI_CONFIG_PASSPHRASE: _, PULUMI_CONFIG_PASSPHRASE_FILE: __, ...rest } = process.env;
  const own = { ...rest, PULUMI_BACKEND_URL: backendUrl(placesOf(place).state) };
  const { env } = engineEnvironment(engine, { root: place, env: own });
  await holdProject({ root: place, progress });
  // Loaded only here: the models take a tenth of a second, which every other command would spend as well.
  const { startClouds } = require("../../rehearsal/clouds") as typeof import("../../rehearsal/clouds");
  const clouds = await startClouds({ file: join(place, "clouds.jsonl"), region: settings.region, ...options });
  const { vpcId, privateSubnetIds = [], dataSubnetIds = [] } = settings.network;
  if (vpcId !== undefined)
    adoptNetwork(clouds.world, { region: settings.region, vpcId, subnetIds: [...privateSubnetIds, ...dataSubnetIds] });
  const command = { pulumi: engine.pulumi, env: { ...env, ...clouds.env } };

  const run: OpenEngine["run"] = (args, { stdio, env: more }) => {
    const [verb = ""] = args;
    const extra = WITH_SETTINGS.has(verb) ? ["--config-file", file, "--parallel", PARALLEL] : [];
    const cwd = verb === "stack" ? place : ROOT;
    return runPulumi({ ...command, env: { ...command.env, ...more } }, [...args, ...extra], { cwd, stdio });
  };
  const settle = (): Promise<void> =>
    interruptible((signal) => recoverStack(command, { root: place, stack, progress, signal, allRepeatable: true }));

  return {
    version: engine.version,
    clouds,
    run,
    settle,
    hold: async () => undefined,
    async prepare(_stack, purpose) {
      await settle();
      if (isInOwnState(place, stack)) return true;
      if (purpose === "destroy") return false;
      await quietly(run, ["stack", "init", "--no-select", "--stack", stack, "--non-interactive"]);
      return true;
    },
    json: async <T>(args: readonly string[]) => JSON.parse(await quietly(run, args)) as T,
    exports: () => [],
    stop: () => clouds.stop(),
  };
}

/** The settings of a stack that has clouds to simulate. @throws UserError `usage` for one that has none. */
export function rehearsable(stack: string, settings: Settings): CloudSettings {
  if (settings.tier === "development" || settings.tier === "small-team")
    throw new UserError(
      `Stack ${stack} has no cloud to simulate: tier ${settings.tier} has none. Bring it up as it is (npx ladder up ${stack}); a rehearsal is for tiers from smb on.`,
    );
  return settings;
}
