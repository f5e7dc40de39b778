import { ExitCode, UserError } from "./errors";
import type { Settings } from "./schema";
import { AVAILABLE_TIERS } from "./tiers";

/** Refuses, before anything is started, what this release cannot bring up. */
export function refuseUnavailableTier(settings: Settings): void {
  if (!AVAILABLE_TIERS.includes(settings.tier))
    throw new UserError(
      `Tier ${settings.tier} cannot be brought up by this release. Its settings are valid; tiers that can be brought up: ${AVAILABLE_TIERS.join(", ")}. Nothing was changed.`,
      ExitCode.usage,
    );
  const cloud = settings.tier === "smb" || settings.tier === "enterprise" ? settings.files : undefined;
  if (cloud !== undefined && (cloud.type !== "s3" || (settings.tier === "enterprise" && cloud.endpoint !== undefined)))
    throw new UserError(
      `files.${cloud.type === "s3" ? `endpoint ${cloud.endpoint}` : `type ${cloud.type}`} cannot be brought up by this release. The setting is valid; what can be brought up: S3 of AWS, and at smb an S3-compatible server beside a database that is not RDS. Nothing was changed.`,
      ExitCode.usage,
    );
}
