/**
 * What a rule sees of a property: plain JSON in which a value that is not known yet, and a value that is secret, are
 * told apart from all others.
 */
export type Value = Plain | Unknown | Secret | readonly Value[] | { readonly [key: string]: Value };
type Plain = null | boolean | number | string;

/** Stands for a value that is only known after `pulumi up`. */
export class Unknown {
  readonly unknown = true;
}
export const UNKNOWN = new Unknown();

/** Marks a value, and all that is in it, as secret. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** How unknown values look on the wire between engine and pack: one fixed text per type. */
const UNKNOWN_ON_THE_WIRE: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The key that makes an object on the wire something special, and its content for a secret. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** The way through the proxy that the SDK puts around properties, and that throws when an unknown is touched. */
const PROXY_TARGET = "__getSpecialProxyTarget";

function behindProxy(raw: object): object {
  const target: unknown = Reflect.get(raw, PROXY_TARGET);
  return typeof target === "object" && target !== null ? target : raw;
}

/**
 * Turns properties as the engine or the SDK hands them over into a Value. Takes anything and never throws; what JSON
 * does not have (functions, symbols) becomes null.
 */
export function toValue(raw: unknown): Value {
  if (UNKNOWN_ON_THE_WIRE.has(raw)) return UNKNOWN;
  if (typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean") return raw;
  if (typeof raw !== "object" || raw === null) return null;
  const target = behindProxy(raw);
  if (Array.isArray(target)) return target.map(toValue);
  const entries = Object.entries(target);
  if (Object.hasOwn(target, SIGNATURE) && Reflect.get(target, SIGNATURE) === SECRET_SIGNATURE) {
    // In an exported state a secret is encrypted: that it is one is known, and no more.
    return new Secret(Object.hasOwn(target, "value") ? toValue(Reflect.get(target, "value")) : UNKNOWN);
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, toValue(value)]));
}
