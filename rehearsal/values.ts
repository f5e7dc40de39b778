import { type Refusal, UNKNOWN } from "./model";

/** How models read the values of a resource, which may hold anything, and say what is wrong with them. */

/** An object with names: no list, and nothing that is not known yet. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && value !== UNKNOWN;

/** One value of an object; undefined where there is no such object. */
export const field = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

/** A nested value; undefined where there is nothing, UNKNOWN where that is not known yet. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(".")) {
    if (found === UNKNOWN) return UNKNOWN;
    found = isObject(found) ? found[name] : undefined;
  }
  return found;
}

/** The items of a list; none where there is no list or it is not known. */
export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The refusal, when something is wrong. */
export const refuse = (wrong: boolean, property: string, reason: string): Refusal[] =>
  wrong ? [{ property, reason }] : [];

/** 32 hexadecimal digits in the form of a UUID. */
export const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
