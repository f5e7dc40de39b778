import { aws } from "./aws";
import { type Fault, Faults } from "./faults";
import { kubernetes } from "./kubernetes";
import type { ProviderModel } from "./model";
import { nodejs } from "./nodejs";
import { postgresql } from "./postgresql";
import { random } from "./random";
import { type Listening, serve } from "./server";
import { type CarriedOut, Simulation } from "./simulation";
import { World } from "./world";

/** Every provider that the stacks use. */
export const PROVIDERS: readonly ProviderModel[] = [aws, kubernetes, nodejs, postgresql, random];

/** The account of every rehearsal: the one that AWS's documentation uses. */
export const ACCOUNT = "123456789012";

export interface CloudsOptions {
  /** The file that keeps what the clouds hold; it is made when it is not there. */
  readonly file: string;
  /** Region of a provider that is not told one. */
  readonly region: string;
  readonly faults?: readonly Fault[];
  /** Seconds to wait here for each typical second of the real cloud. Default 0. */
  readonly timeScale?: number;
  readonly onChange?: (change: CarriedOut) => void;
}

/** Simulated clouds that are listening. */
export interface Clouds {
  readonly world: World;
  /** What makes the engine talk to them, and ask nobody for the real providers. */
  readonly env: Readonly<Record<string, string>>;
  stop(): void;
}

/** Starts a server for each provider, on free ports of this machine. */
export async function startClouds({
  file,
  region,
  faults = [],
  timeScale = 0,
  onChange,
}: CloudsOptions): Promise<Clouds> {
  const world = new World(file);
  const options = {
    world,
    account: ACCOUNT,
    faults: new Faults(faults),
    timeScale,
    ...(onChange === undefined ? {} : { onChange }),
  };
  const servers: [string, Listening][] = [];
  for (const provider of PROVIDERS)
    servers.push([provider.name, await serve(new Simulation(provider, options), { region, defaultTags: {} })]);
  return {
    world,
    env: {
      PULUMI_DEBUG_PROVIDERS: servers.map(([name, { port }]) => `${name}:${port}`).join(","),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
    stop: () => {
      for (const [, server] of servers) server.stop();
    },
  };
}
