import { isDeepStrictEqual } from "node:util";
import { UNKNOWN, type Values } from "./model";
import { isObject } from "./values";
import { holdsUnknown } from "./wire";

/** One changed input. `path` is written as the engine writes it: `scalingConfig.maxSize`, `subnetIds[1]`. */
export interface Change {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** Whether the order of a list of plain words means something: it does in a command, not in a list of subnets. */
export type Lists = "ordered" | "sets";

/** What differs between two sets of inputs, leaf by leaf. A value that is not known yet counts as changed. */
export const differences = (old: Values, now: Values, lists: Lists = "sets"): Change[] => within("", old, now, lists);

function within(path: string, old: Values, now: Values, lists: Lists): Change[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return names.flatMap((name) => differing(join(path, name), old[name], now[name], lists));
}

function differing(path: string, old: unknown, now: unknown, lists: Lists): Change[] {
  if (now === UNKNOWN) return [{ path, kind: old === undefined ? "add" : "update" }];
  if (!holdsUnknown(now) && isDeepStrictEqual(old, now)) return [];
  // A group that comes or goes is told by its leaves, because one of them may be what forces a new resource.
  if (old === undefined && isGroup(now)) return differing(path, emptied(now), now, lists);
  if (now === undefined && isGroup(old)) return differing(path, old, emptied(old), lists);
  if (old === undefined) return [{ path, kind: "add" }];
  if (now === undefined) return [{ path, kind: "delete" }];
  if (isObject(old) && isObject(now)) return within(path, old, now, lists);
  if (Array.isArray(old) && Array.isArray(now)) {
    if (lists === "sets" && sameSet(old, now)) return [];
    return Array.from({ length: Math.max(old.length, now.length) }, (_, index) =>
      differing(`${path}[${index}]`, old[index], now[index], lists),
    ).flat();
  }
  return [{ path, kind: "update" }];
}

const isGroup = (value: unknown): value is object =>
  Array.isArray(value) ? value.some(isGroup) : isObject(value) && Object.keys(value).length > 0;

const emptied = (group: object): object => (Array.isArray(group) ? [] : {});

/** Keys that are no plain names are quoted, as the engine does it. */
const join = (path: string, key: string): string => {
  if (!/^\w+$/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
};

/** AWS keeps lists of plain ids and names as sets: their order means nothing. */
function sameSet(old: readonly unknown[], now: readonly unknown[]): boolean {
  const plain = (list: readonly unknown[]) => list.every((item) => typeof item === "string");
  if (old.length !== now.length || !plain(old) || !plain(now) || holdsUnknown(now)) return false;
  return isDeepStrictEqual([...old].sort(), [...now].sort());
}

/** True when a change touches an input that forces a new resource; indexes of lists are passed over. */
export function forces(replaces: readonly string[], path: string): boolean {
  const plain = path.replace(/\[\d+\]/g, "");
  return replaces.some((name) => plain === name || plain.startsWith(`${name}.`) || plain.startsWith(`${name}[`));
}
