import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../settings/record";

/** Stands in the engine's JSON for a value that is not known before `up` (plugin.UnknownStringValue). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a property goes from one value to the other in a way that matters. `undefined` is a property that is not set. */
export type Change = (was: unknown, will: unknown) => boolean;

export const isUnknown = (value: unknown): boolean => value === UNKNOWN;

/** Any change of a value that was set; a value that is not known yet counts as another one. */
export const changed: Change = (was, will) => was !== undefined && was !== "" && !isDeepStrictEqual(was, will);

/** Set where it was not, taken away, or changed. */
export const setOrChanged: Change = (was, will) => !isDeepStrictEqual(was ?? "", will ?? "");

export const turnedOff: Change = (was, will) => was === true && will !== true && !isUnknown(will);

export const turnedOn: Change = (was, will) => was !== true && will === true;

/** A number that gets smaller, or is taken away. */
export const lowered: Change = (was, will) =>
  typeof was === "number" && !isUnknown(will) && (typeof will !== "number" || will < was);

/** A number that becomes 0. */
export const zeroed: Change = (was, will) => was !== 0 && will === 0;

/** Becomes just this value. */
export const becomes =
  (value: string): Change =>
  (was, will) =>
    was !== value && will === value;

/** A version that goes back, such as 16.4 to 16.3. `16` says nothing of the minor version, so 16.4 to 16 goes nowhere. */
export const versionLowered: Change = (was, will) => compareVersions(was, will) < 0;

/** A first number that goes up, such as 15.7 to 16. */
export const majorRaised: Change = (was, will) => {
  const [from, to] = [parts(was)[0], parts(will)[0]];
  return from !== undefined && to !== undefined && to > from;
};

const parts = (version: unknown): number[] =>
  typeof version === "string" && /^\d+(\.\d+)*$/.test(version) ? version.split(".").map(Number) : [];

function compareVersions(was: unknown, will: unknown): number {
  const [from, to] = [parts(was), parts(will)];
  for (const [index, part] of from.entries()) {
    const next = to[index];
    if (next === undefined) return 0;
    if (next !== part) return next - part;
  }
  return 0;
}

const SUFFIXES: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };

/** Kubernetes' way of writing a size: 10Gi, 500M, 1e9. */
function quantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const [, number, suffix = "", binary] = /^(\d+(?:\.\d+)?(?:e\d+)?)([kKMGTPE]?)(i?)$/.exec(String(value)) ?? [];
  if (number === undefined) return undefined;
  const power = "KMGTPE".indexOf(suffix.toUpperCase()) + 1;
  return Number(number) * (binary === "i" ? 1024 ** power : (SUFFIXES[suffix.toUpperCase()] ?? 1));
}

/** A size such as 10Gi that gets smaller. */
export const quantityLowered: Change = (was, will) => {
  const [from, to] = [quantity(was), quantity(will)];
  return from !== undefined && to !== undefined && to < from;
};

/** The value at a path such as `spec.storage.size`. */
export function valueAt(values: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), values);
}

/** The input that a path of the engine's begins with: `tags` of `tags.Name`, `subnetIds` of `subnetIds[0]`. */
export const rootOf = (path: string): string =>
  /^\["((?:[^"\\]|\\.)*)"\]/.exec(path)?.[1] ?? /^[^.[]+/.exec(path)?.[0] ?? path;
