export { refuseUnavailableTier } from "./available";
export { fromConfig } from "./config";
export { ExitCode, UserError } from "./errors";
export type { CatalogueName, SqliteCatalogueName } from "./fields";
export { type UserFit, userFit } from "./limits";
export { type ParsedSettings, parseSettings, type RawSettings } from "./parse";
export { formatProblem, NAMESPACE, type Problem, SettingsError } from "./problem";
export type {
  CloudSettings,
  DevelopmentSettings,
  EnterpriseSettings,
  GlobalSettings,
  Settings,
  ShardedSettings,
  SmallTeamSettings,
  SmbSettings,
} from "./schema";
export {
  AVAILABLE_TIERS,
  type Size,
  sizeByName,
  sizeForUsers,
  TIER_NAMES,
  TIERS,
  type Tier,
  type TierName,
  tierByName,
  tierForUsers,
} from "./tiers";
