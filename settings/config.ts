import { SEALED } from "./fields";
import type { RawSettings } from "./parse";
import { NAMESPACE } from "./problem";
import { isRecord } from "./record";

/**
 * Turns config entries (`scaling-ladder:users` → value) into raw settings. Top-level numbers and booleans may come
 * as text, because that is how the engine hands them over and how YAML quotes them.
 */
export function fromConfig(entries: Iterable<readonly [string, unknown]>): RawSettings {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    if (key.startsWith(`${NAMESPACE}:`)) raw[key.slice(NAMESPACE.length + 1)] = plain(unsealed(value));
  }
  return raw;
}

function plain(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (value === "true" || value === "false") return value === "true";
  if (/^\s*[{[]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}

/** `{ secure: … }` is how a stack file holds a secret; what it says cannot be known here. */
function unsealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unsealed);
  if (!isRecord(value)) return value;
  if (Object.keys(value).join() === "secure") return SEALED;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, unsealed(child)]));
}
