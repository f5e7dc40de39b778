import type { DevelopmentSettings, SmbSettings } from "../settings";
import { development } from "./development";
import type { StackOutputs } from "./outputs";

/** What a stack tells while it is promoted, beside what the tier tells that it goes to. */
export interface PromotingOutputs extends StackOutputs {
  /** The tier that still serves. */
  readonly servedBy: StackOutputs;
}

/**
 * A stack on its way up (S4-42): the tier that it goes to stands ready with its application at rest, and the tier that it comes from
 * serves as before, the very same resources under the same names.
 */
export function promoting(
  settings: SmbSettings,
  from: DevelopmentSettings,
  next: (settings: SmbSettings) => StackOutputs,
): PromotingOutputs {
  const servedBy = development(from);
  const { maxReplicas: _, ...app } = settings.app;
  return { ...next({ ...settings, app: { ...app, replicas: 0 } }), servedBy };
}
