import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { contradictions } from "./contradictions";
import { isSelfHosted, lookup, usesAws } from "./hosting";
import { refusal, userFit } from "./limits";
import { NAMESPACE, type Problem, SettingsError, showValue } from "./problem";
import { isRecord } from "./record";
import { describeAllowed, keysOf, nodeOf } from "./reference";
import type { Lookup } from "./rule";
import { SCHEMAS, type Settings } from "./schema";
import { TIER_NAMES, type TierName, tierByName } from "./tiers";

/** Settings as they come from a stack file or from the engine: keys without namespace. */
export type RawSettings = Readonly<Record<string, unknown>>;

export interface ParsedSettings {
  readonly settings: Settings;
  /** Advice that does not stop the stack. */
  readonly warnings: readonly string[];
}

/**
 * Parses the settings of a stack, once, into a value whose type the tier decides.
 * Throws one {@link SettingsError} that lists every problem: unknown keys, wrong types, contradictions, limits.
 */
export function parseSettings(raw: RawSettings, stack: string): ParsedSettings {
  const values = withoutEmptyDefaults(raw);
  const tier = values.tier;
  if (!isTierName(tier)) throw new SettingsError(stack, [tierProblem(tier)]);

  const result = SCHEMAS[tier].safeParse(values);
  const get = lookupIn(values);
  const found = contradictions(tier, get);
  if (typeof values.users === "number")
    found.push(...[refusal(tierByName(tier), values.users)].filter((p) => p !== undefined));
  const malformed = result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue, tier, values));
  // A contradiction says more about a key than the schema does, so it goes first and alone.
  const problems = [...found, ...malformed.filter(({ key }) => !found.some((problem) => problem.key === key))];
  if (problems.length > 0 || !result.success) throw new SettingsError(stack, problems);

  const fit = userFit(tierByName(tier), result.data.users);
  const advice = fit.verdict === "advise" ? [`${NAMESPACE}:users: ${fit.message}.`] : [];
  return { settings: result.data, warnings: [...advice, ...apart(result.data)] };
}

/** A cluster that was there before stands in another network than the one that is made here, and a new one in one that nobody is in. */
function apart(settings: Settings): string[] {
  const cloud = settings.tier === "smb" || settings.tier === "enterprise" ? settings : undefined;
  if (cloud?.network.mode !== "create" || (cloud.tier === "smb" && !usesAws(lookup(cloud)))) return [];
  if (cloud.cluster.mode === "create")
    return cloud.cluster.endpointCidrs.length > 0
      ? []
      : [
          `${NAMESPACE}:cluster.endpointCidrs: the cluster that is made here can be reached from inside its VPC only, and the VPC is made by the same run. Name the address range that you run from, or run from inside an adopted VPC.`,
        ];
  if (cloud.tier === "smb" && isSelfHosted(lookup(cloud))) return [];
  return [
    `${NAMESPACE}:network: pods of an existing cluster reach the database and the cache only if their network is connected to the VPC that is made here. Adopt the cluster's VPC (network.mode adopt), connect the two (VPC peering), or set cluster.mode to create.`,
  ];
}

/** `Pulumi.yaml` declares optional settings with the default `{}` or an empty text; either says nothing, in any tier. */
function withoutEmptyDefaults(raw: RawSettings): Record<string, unknown> {
  const isEmpty = (value: unknown) => value === "" || (isRecord(value) && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => !isEmpty(value)));
}

const isTierName = (value: unknown): value is TierName => TIER_NAMES.some((name) => name === value);

function tierProblem(value: unknown): Problem {
  const alias = TIER_NAMES.find((name) =>
    tierByName(name).aliases.some((other) => typeof value === "string" && other.toLowerCase() === value.toLowerCase()),
  );
  const guess = alias ?? (typeof value === "string" ? nearest(value, TIER_NAMES) : undefined);
  return {
    key: "tier",
    value: showValue("tier", value),
    message: value === undefined ? "every stack has a tier" : "there is no such tier",
    allowed: TIER_NAMES.join(", "),
    next: guess === undefined ? "begin with development" : `did you mean ${guess}?`.replace(/\?$/, ""),
  };
}

const lookupIn =
  (values: RawSettings): Lookup =>
  (key) =>
    valueAt(values, key.split("."));

/** Follows the parts of a path one by one, because a part (a tag, a mistyped key) may itself hold a dot. */
function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function problemsOf(issue: z.core.$ZodIssue, tier: TierName, values: RawSettings): Problem[] {
  const path = issue.path.map(String).join(".");
  const value = valueAt(values, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(tier, path === "" ? key : `${path}.${key}`, valueAt(value, [key]), key));
  }
  const node = nodeOf(tier, path);
  return [
    {
      key: path,
      value: showValue(path, value),
      message: value === undefined ? "it is required" : messageOf(issue, value),
      allowed: node === undefined ? "see docs/settings.md" : describeAllowed(node),
    },
  ];
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "custom":
      return issue.message;
    case "invalid_type":
      return `it is ${kindOf(value)}`;
    case "too_small":
      return "it is too small";
    case "too_big":
      return "it is too large";
    case "invalid_format":
      return "it does not have the right form";
    default:
      return "it is not one of the values that it can have";
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "empty";
  if (typeof value === "object") return "a group of settings";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "not a whole number";
  return typeof value === "string" ? "text" : "true or false";
}

function unknownKey(tier: TierName, key: string, value: unknown, written: string): Problem {
  const known = keysOf(tier);
  if (written.includes(".") && known.includes(key)) return dottedKey(key, value);
  const elsewhere = TIER_NAMES.filter((name) => name !== tier && keysOf(name).includes(key));
  const group = key.split(".").slice(0, -1).join(".");
  const siblings = known.filter((name) => name.split(".").slice(0, -1).join(".") === group);
  const guess = nearest(key, known);
  return {
    key,
    value: showValue(key, value),
    message:
      elsewhere.length > 0
        ? `tier ${tier} has no such setting; it belongs to ${elsewhere.join(", ")}`
        : "there is no such setting",
    allowed: siblings.join(", "),
    next: elsewhere.length === 0 && guess !== undefined ? `did you mean ${guess}` : "remove it",
  };
}

/** `config set scaling-ladder:database.path` without `--path` makes one key of it, which no schema has. */
function dottedKey(key: string, value: unknown): Problem {
  const group = key.slice(0, key.lastIndexOf("."));
  return {
    key,
    value: showValue(key, value),
    message: "it is written as one key with a dot in it",
    allowed: `${key.slice(group.length + 1)} under ${NAMESPACE}:${group}`,
    next: `remove it and run: pulumi config set --path '${NAMESPACE}:${key}' <value>`,
  };
}

/** The closest known word, when it is close enough to be a slip of the fingers. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}
