import { closest } from "fastest-levenshtein";
import { isRecord } from "../settings/record";
import type { TierName } from "../settings/tiers";
import { isListLimit, LIMIT_TEXTS, LIMITS, type LimitName, type ProfileName } from "./limits";
import type { Level, RuleInfo } from "./rule";

/** A policy-pack configuration: for each policy its level, and the limits that it reads. */
export type PackConfig = Readonly<Record<string, PolicyConfig>>;
type PolicyConfig = { readonly enforcementLevel: Level } & { readonly [limit: string]: unknown };

const STRICT_TIERS: readonly TierName[] = ["enterprise", "sharded", "global"];

/** The profile of a tier: the seed documents ask for Multi-AZ, replicas and copies from enterprise on. */
export const profileOf = (tier: TierName): ProfileName => (STRICT_TIERS.includes(tier) ? "prod" : "dev");

/** The configuration that makes a profile of the pack. */
export function profileConfig(profile: ProfileName, rules: readonly RuleInfo[]): PackConfig {
  return Object.fromEntries(
    rules.map(({ name, levels, limits = [] }) => [
      name,
      {
        enforcementLevel: levels[profile],
        ...Object.fromEntries(limits.map((limit) => [limit, LIMITS[profile][limit]])),
      },
    ]),
  );
}

const LEVELS: readonly string[] = ["mandatory", "advisory", "disabled"] satisfies Level[];

/**
 * What is wrong with a configuration that somebody wrote, as sentences. The engine itself passes over a misspelt policy,
 * and takes the name `all` for every policy.
 */
export function problemsOfConfig(config: unknown, rules: readonly RuleInfo[]): readonly string[] {
  if (!isRecord(config)) return ["it must be one JSON object: policy name → { enforcementLevel, limits }"];
  return Object.entries(config).flatMap(([name, given]) => {
    if (name === "all") return ["`all` would set the level of every policy at once: name the policies one by one"];
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) {
      const near = closest(
        name,
        rules.map((one) => one.name),
      );
      return [`there is no policy \`${name}\`; the nearest name is \`${near}\`, and docs/policies.md lists all`];
    }
    return isRecord(given)
      ? problemsOfPolicy(rule, given)
      : [`\`${name}\` must be an object such as { "enforcementLevel": "advisory" }`];
  });
}

function problemsOfPolicy(
  { name, limits = [] }: RuleInfo,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    if (key === "enforcementLevel")
      return LEVELS.includes(String(value)) ? [] : [`\`${name}.enforcementLevel\` must be ${LEVELS.join(", ")}`];
    const limit = limits.find((one) => one === key);
    if (limit === undefined) {
      const allowed = ["enforcementLevel", ...limits].join(", ");
      return [`\`${name}\` has no setting \`${key}\`; it has ${allowed}`];
    }
    return fits(limit, value)
      ? []
      : [
          `\`${name}.${key}\` must be ${isListLimit(limit) ? "a list of texts" : "a number of 0 or more"}: ${LIMIT_TEXTS[limit]}`,
        ];
  });
}

const fits = (limit: LimitName, value: unknown): boolean =>
  isListLimit(limit)
    ? Array.isArray(value) && value.every((item) => typeof item === "string")
    : typeof value === "number" && Number.isFinite(value) && value >= 0;

/** One configuration over another: what the second says of a policy counts. */
export function over(base: PackConfig, more: Readonly<Record<string, Readonly<Record<string, unknown>>>>): PackConfig {
  const names = new Set([...Object.keys(base), ...Object.keys(more)]);
  return Object.fromEntries(
    [...names].map((name) => [name, { enforcementLevel: "mandatory", ...base[name], ...more[name] } as PolicyConfig]),
  );
}
