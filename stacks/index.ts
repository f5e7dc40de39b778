import { refuseUnavailableTier, type Settings } from "../settings";
import { development } from "./development";
import type { StackOutputs } from "./outputs";

/** Creates the parts of the tier that the settings name. */
export function createStack(settings: Settings): StackOutputs {
  if (settings.tier === "development") return development(settings);
  refuseUnavailableTier(settings);
  throw new Error(`tier ${settings.tier} is listed as available and has no stack`);
}
