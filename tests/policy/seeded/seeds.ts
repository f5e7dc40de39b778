import { CLOUD_SEEDS } from "./cloudSeeds";
import { DATABASE_SEEDS } from "./databaseSeeds";
import { DATA_SEEDS } from "./dataSeeds";
import type { Seed } from "./seed";
import { WORKLOAD_SEEDS } from "./workloadSeeds";

/** Every mistake that the pack has to stop. */
export const SEEDS: readonly Seed[] = [...DATABASE_SEEDS, ...DATA_SEEDS, ...CLOUD_SEEDS, ...WORKLOAD_SEEDS];
