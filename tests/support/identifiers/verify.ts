import type { Listed } from "./listed";
import type { Used } from "./used";
import type { UsedMetric } from "./values";

/** Hosts whose pages AWS writes itself, and its organisations on GitHub. */
const OF_AWS =
  /^https:\/\/((docs\.aws|aws|serverlessrepo\.aws)\.amazon\.com|docs\.amazonaws\.cn|github\.com\/(aws|awslabs|aws-samples|awsdocs))\//;

/** One spelling for what lists and sources write in several ways. */
export function plainName({ kind, name }: Pick<Used, "kind" | "name">): string {
  const open = name.replace(/\$\{[^}]*\}|\{[^}]*\}|<[^>]*>/g, "*");
  if (kind === "managedPolicy") return open.split("/").at(-1) ?? open;
  if (kind === "endpointService") return open.replace(/^com\.amazonaws\.[^.]+\./, "");
  if (kind === "metric") return open.replace(/^AWS\/\w+[\s/:]+/, "");
  return open;
}

const keyOf = (identifier: Pick<Used, "kind" | "name">): string => `${identifier.kind} ${plainName(identifier)}`;

/** A version is listed as a word of a name, such as `redis 7.1` or `postgres16`. */
const words = ({ kind, name }: Listed): string[] =>
  kind === "engineVersion" ? name.split(/[\s,/:()]+/).map((word) => `engineVersion ${word}`) : [];

/** What the project uses and no list confirms, one line each, with all its places. */
export function unlisted(used: readonly Used[], listed: readonly Listed[]): string[] {
  const known = new Set(listed.flatMap((entry) => [keyOf(entry), ...words(entry)]));
  const places = new Map<string, Set<string>>();
  for (const one of used.filter((identifier) => !known.has(keyOf(identifier))))
    places.set(keyOf(one), (places.get(keyOf(one)) ?? new Set()).add(one.place));
  return lines([...places], ([key, where]) => `${key} (${[...where].join("; ")})`);
}

/** What is listed and neither collected nor written anywhere in the sources. */
export function unused(listed: readonly Listed[], used: readonly Used[], sources: readonly string[]): string[] {
  const known = new Set(used.map(keyOf));
  const isUsed = (entry: Listed): boolean =>
    [keyOf(entry), ...words(entry)].some((key) => known.has(key)) ||
    sources.some((text) => text.includes(plainName(entry)));
  return lines(
    listed.filter((entry) => !isUsed(entry)),
    (one) => `${keyOf(one)} (${one.place})`,
  );
}

/** What nobody has found on a page of AWS's. */
export const unconfirmed = (listed: readonly Listed[]): string[] =>
  lines(
    listed.filter(({ page, seen, confirmed }) => !confirmed || seen.trim() === "" || !OF_AWS.test(page)),
    (one) => `${keyOf(one)}: ${one.confirmed ? one.page || "no page" : "not confirmed"} (${one.place})`,
  );

/** Metrics whose dimensions are other ones than the page names. */
export const wrongDimensions = (metrics: readonly UsedMetric[], listed: readonly Listed[]): string[] =>
  lines(
    metrics.filter((metric) => {
      const entries = listed.filter((entry) => keyOf(entry) === keyOf(metric));
      const named = entries.filter(({ dimensions }) => dimensions !== undefined);
      return (
        entries.length > 0 &&
        !named.some(({ dimensions = [] }) => metric.dimensions.every((each) => dimensions.includes(each)))
      );
    }),
    ({ name, dimensions, place }) => `metric ${name}: ${dimensions.join(", ")} (${place})`,
  );

const lines = <T>(found: readonly T[], line: (one: T) => string): string[] => [...new Set(found.map(line))].sort();
