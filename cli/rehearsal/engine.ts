import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
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
import {
  type CloudSettings,
  refuseUnavailableTier,
  type Settings,
  type SmallTeamSettings,
  UserError,
} from "../../settings";
import { stackFileName } from "../../settings/stackFile";
import { progress } from "../console";
import type { OpenEngine } from "../engine";
import { interruptible } from "../interrupt";
import { ROOT } from "../project";
import { quietly } from "../quietly";
import { nameOfOverrides, type Overrides, overriddenSettings, showOverrides } from "./overrides";
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

/** Region of providers that ask for one where the settings name none, because nothing of the stack is in AWS. */
const ANY_REGION = "us-east-1";

/** Settings of a stack that has clouds, or a Kubernetes cluster, to simulate. */
export type RehearsedSettings = SmallTeamSettings | CloudSettings;

/** A stack to rehearse, with the settings that this rehearsal has. */
export interface RehearsedStack {
  readonly stack: string;
  readonly settings: RehearsedSettings;
  readonly overrides: Overrides;
}

/**
 * Where the rehearsal of a stack keeps its state, its clouds and its copy of the settings. Other overrides make another
 * rehearsal, or the one would take down what the other made. No stack has a plus in its name.
 */
const rehearsalPlace = (stack: string, overrides: Overrides): string =>
  join(ROOT, ".ladder", "rehearsal", [stack, nameOfOverrides(overrides)].filter(Boolean).join("+"));

/**
 * Opens the engine for a rehearsal. Nothing of the real stack is touched: neither its state, nor its settings file, nor a backend
 * that the user is logged in to.
 */
export async function openRehearsal(
  { stack, settings, overrides }: RehearsedStack,
  options: Omit<CloudsOptions, "file" | "region"> = {},
): Promise<RehearsalEngine> {
  const place = rehearsalPlace(stack, overrides);
  if (overrides.length > 0)
    progress(
      `Settings of this rehearsal only: ${showOverrides(overrides)}. It is kept in ${relative(ROOT, place)}, apart from the rehearsal without them.`,
    );
  mkdirSync(place, { recursive: true, mode: 0o700 });
  // `stack init` writes a salt beside the project file that it finds: here it finds this one.
  writeFileSync(join(place, "Pulumi.yaml"), "name: scaling-ladder\nruntime: nodejs\n");
  const file = join(place, `settings.${stack}.yaml`);
  copySettings(join(ROOT, stackFileName(stack)), file, overrides);

  const engine = await interruptible((signal) => findEngine({ root: ROOT, env: process.env, progress, signal }));
  const { PULUMI_CONFIG_PASSPHRASE: _, PULUMI_CONFIG_PASSPHRASE_FILE: __, ...rest } = process.env;
  const own = { ...rest, PULUMI_BACKEND_URL: backendUrl(placesOf(place).state) };
  const { env } = engineEnvironment(engine, { root: place, env: own });
  await holdProject({ root: place, progress });
  // Loaded only here: the models take a tenth of a second, which every other command would spend as well.
  const { startClouds } = require("../../rehearsal/clouds") as typeof import("../../rehearsal/clouds");
  const region = "region" in settings ? settings.region : ANY_REGION;
  const clouds = await startClouds({ file: join(place, "clouds.jsonl"), region, ...options });
  const { vpcId, privateSubnetIds = [], dataSubnetIds = [] } = "network" in settings ? settings.network : {};
  if (vpcId !== undefined)
    adoptNetwork(clouds.world, { region, vpcId, subnetIds: [...privateSubnetIds, ...dataSubnetIds] });
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

/** The stack with the settings that its rehearsal has. @throws UserError `usage` for one that has no cloud to simulate. */
export function rehearsable(stack: string, overrides: Overrides): RehearsedStack {
  const settings = overriddenSettings(stack, overrides);
  refuseUnavailableTier(settings);
  return { stack, settings: simulatable(stack, settings), overrides };
}

function simulatable(stack: string, settings: Settings): RehearsedSettings {
  if (settings.tier === "development")
    throw new UserError(
      `Stack ${stack} has no cloud to simulate: tier ${settings.tier} has none. Bring it up as it is (npx ladder up ${stack}); a rehearsal is for tiers from small-team on.`,
    );
  return settings;
}
