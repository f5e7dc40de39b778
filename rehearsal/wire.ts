import { UNKNOWN, type Values } from "./model";
import { isObject } from "./values";

/**
 * Pulumi's values as they travel between engine and provider: plain JSON with marks for secrets and unknown values.
 * The marks are the engine's published constants (pulumi/pulumi sdk/go/common/resource/sig and plugin/rpc.go).
 */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Opened values, and the names of those that are secret or hold one. */
export interface Opened {
  readonly values: Values;
  readonly secrets: ReadonlySet<string>;
}

/** Reads what the engine sent. */
export function open(wire: Values): Opened {
  const secrets = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(wire)) {
    const [opened, secret] = openValue(value);
    if (opened !== undefined && opened !== null) values[name] = opened;
    if (secret) secrets.add(name);
  }
  return { values, secrets };
}

/** A value without its marks, and whether it is or holds a secret. */
function openValue(value: unknown): [unknown, boolean] {
  if (UNKNOWNS.has(value)) return [UNKNOWN, false];
  if (Array.isArray(value)) {
    const items = value.map(openValue);
    return [items.map(([item]) => item), items.some(([, secret]) => secret)];
  }
  if (!isObject(value)) return [value, false];
  if (value[SIGNATURE] === SECRET) return [openValue(value.value)[0], true];
  if (value[SIGNATURE] === OUTPUT) {
    const [inner, secret] = "value" in value ? openValue(value.value) : [UNKNOWN, false];
    return [inner, secret || value.secret === true];
  }
  const entries = Object.entries(value).map(([key, item]) => [key, ...openValue(item)] as const);
  return [
    Object.fromEntries(
      entries.filter(([, item]) => item !== undefined && item !== null).map(([key, item]) => [key, item]),
    ),
    entries.some(([, , secret]) => secret),
  ];
}

/** Writes values for the engine; those under a secret name are marked. */
export function close(values: Values, secrets: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        const closed = closeValue(value);
        return [name, secrets.has(name) ? { [SIGNATURE]: SECRET, value: closed } : closed];
      }),
  );
}

function closeValue(value: unknown): unknown {
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (Array.isArray(value)) return value.map(closeValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, closeValue(item)]),
  );
}

/** True when a value is unknown or holds something that is. */
export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
