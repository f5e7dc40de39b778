import type { TierName } from "./tiers";

/** Reads a raw value by its dotted key; undefined when it is absent. */
export type Lookup = (key: string) => unknown;

/** What stands in contradiction, and what to do about it. */
export interface Found {
  readonly key: string;
  readonly message: string;
  readonly allowed: string;
  readonly next?: string;
}

/** Looks for one contradiction between settings that are each well-formed. */
export type Rule = (tier: TierName, get: Lookup) => Found | undefined;

export const numberAt = (get: Lookup, key: string): number | undefined => {
  const value = get(key);
  return typeof value === "number" ? value : undefined;
};
