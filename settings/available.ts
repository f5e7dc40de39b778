import { ExitCode, UserError } from "./errors";
import type { Settings } from "./schema";
import { AVAILABLE_TIERS } from "./tiers";

/** Refuses, before anything is started, a tier that this release cannot bring up. */
export function refuseUnavailableTier(settings: Settings): void {
  if (AVAILABLE_TIERS.includes(settings.tier)) return;
  throw new UserError(
    `Tier ${settings.tier} cannot be brought up by this release. Its settings are valid; tiers that can be brought up: ${AVAILABLE_TIERS.join(", ")}. Nothing was changed.`,
    ExitCode.usage,
  );
}
