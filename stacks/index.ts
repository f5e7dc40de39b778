import { refuseUnavailableTier, type Settings, type SmbSettings } from "../settings";
import type { StackOutputs } from "./outputs";

/** Creates the parts of the tier that the settings name. Only that tier's parts are loaded: the cloud SDKs are large. */
export function createStack(settings: Settings): StackOutputs {
  refuseUnavailableTier(settings);
  switch (settings.tier) {
    case "development":
      return (require("./development") as typeof import("./development")).development(settings);
    case "small-team":
      return (require("./smallTeam") as typeof import("./smallTeam")).smallTeam(settings);
    case "smb":
      return settings.promotion === undefined
        ? smbOf(settings)
        : (require("./promoting") as typeof import("./promoting")).promoting(settings, settings.promotion.from, smbOf);
    case "enterprise":
      return (require("./enterprise") as typeof import("./enterprise")).enterprise(settings);
    default:
      throw new Error(`tier ${settings.tier} is listed as available and has no stack`);
  }
}

const smbOf = (settings: SmbSettings): StackOutputs =>
  settings.database.host === "aws"
    ? (require("./smb") as typeof import("./smb")).smb(settings)
    : (require("./selfHosted") as typeof import("./selfHosted")).selfHosted(settings);
