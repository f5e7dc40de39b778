import { Secret, Unknown, type Value } from "./value";

/**
 * What reading a property gives. Three values decide a rule: known, unknown (only `pulumi up` will tell) and absent
 * (left out or null). A typed read adds a fourth: there is a value, but of another type.
 */
export type Reading<T> =
  | { readonly state: "known"; readonly value: T; readonly secret: boolean }
  | { readonly state: "unknown"; readonly secret: boolean }
  | { readonly state: "absent" }
  | { readonly state: "mistyped" };

export type Path = readonly (string | number)[];

/** A structure whose own secret mark, if any, has been taken off. */
export type Open = Exclude<Value, Secret | Unknown>;

function step(value: Open, key: string | number): Value | undefined | "mistyped" {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : "mistyped";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "mistyped";
  return Object.hasOwn(value, key) ? (value as { readonly [key: string]: Value })[key] : undefined;
}

/** Reads the value at a path. Never throws: an unknown on the way makes the whole unknown. */
export function read(from: Value, ...path: Path): Reading<Open> {
  let value: Value | undefined = from;
  let secret = false;
  for (let at = 0; ; at += 1) {
    while (value instanceof Secret) {
      secret = true;
      value = value.value;
    }
    if (value instanceof Unknown) return { state: "unknown", secret };
    if (value === undefined || value === null) return { state: "absent" };
    const key = path[at];
    if (key === undefined) return { state: "known", value, secret };
    const next = step(value, key);
    if (next === "mistyped") return { state: "mistyped" };
    value = next;
  }
}

function typed<T extends Open>(reading: Reading<Open>, is: (value: Open) => value is T): Reading<T> {
  if (reading.state !== "known") return reading;
  return is(reading.value) ? { state: "known", value: reading.value, secret: reading.secret } : { state: "mistyped" };
}

/** Reads a whole number of 0 or more: a count of users, replicas, days. */
export function readCount(from: Value, ...path: Path): Reading<number> {
  return typed(
    read(from, ...path),
    (value): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0,
  );
}

/** Reads any finite number. */
export function readNumber(from: Value, ...path: Path): Reading<number> {
  return typed(read(from, ...path), (value): value is number => typeof value === "number" && Number.isFinite(value));
}

/** Reads true or false; a text such as "true" is mistyped, because whether the cloud takes it for true is its affair. */
export function readFlag(from: Value, ...path: Path): Reading<boolean> {
  return typed(read(from, ...path), (value): value is boolean => typeof value === "boolean");
}

/** Reads a structure with named parts. */
export function readStructure(from: Value, ...path: Path): Reading<{ readonly [key: string]: Value }> {
  return typed(
    read(from, ...path),
    (value): value is { readonly [key: string]: Value } =>
      typeof value === "object" && value !== null && !Array.isArray(value),
  );
}

export function readText(from: Value, ...path: Path): Reading<string> {
  return typed(read(from, ...path), (value): value is string => typeof value === "string");
}

export function readList(from: Value, ...path: Path): Reading<readonly Value[]> {
  return typed(read(from, ...path), (value): value is readonly Value[] => Array.isArray(value));
}

/** Texts that are known, and whether these are all: a list may have items that only `pulumi up` will tell. */
export interface Texts {
  readonly texts: readonly string[];
  readonly complete: boolean;
}

/** Reads one text or a list of texts, as policy documents have them. What is neither is left out. */
export function readTexts(from: Value, ...path: Path): Texts {
  const reading = read(from, ...path);
  if (reading.state === "unknown") return { texts: [], complete: false };
  if (reading.state !== "known") return { texts: [], complete: true };
  if (typeof reading.value === "string") return { texts: [reading.value], complete: true };
  const list: readonly Value[] = Array.isArray(reading.value) ? reading.value : [];
  const items = list.map((_, index) => readText(list, index));
  return {
    texts: items.flatMap((item) => (item.state === "known" ? [item.value] : [])),
    complete: items.every((item) => item.state !== "unknown"),
  };
}

/** One end of a structure: a plain value, or an unknown. */
export interface Leaf {
  readonly path: Path;
  readonly value: string | number | boolean | Unknown;
  /** True when the value, or anything around it, is marked secret. */
  readonly secret: boolean;
  /** True when the mark is on this value alone. */
  readonly markedItself: boolean;
}

/** All ends of a structure, in its order; null ends are left out. */
export function leaves(value: Value, path: Path = [], secret = false): readonly Leaf[] {
  if (value === null) return [];
  if (value instanceof Secret) {
    const inside = leaves(value.value, path, true);
    return inside.map((leaf) => (leaf.path.length === path.length ? { ...leaf, markedItself: true } : leaf));
  }
  if (value instanceof Unknown || typeof value !== "object") return [{ path, value, secret, markedItself: false }];
  if (Array.isArray(value)) return value.flatMap((item: Value, index) => leaves(item, [...path, index], secret));
  return Object.entries(value).flatMap(([key, item]: [string, Value]) => leaves(item, [...path, key], secret));
}
