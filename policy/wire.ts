import { createRequire } from "node:module";
import { toValue, UNKNOWN, type Value } from "./reading/value";

/**
 * The SDK hands secrets to policies in plain text and forgets that they were secret. On the wire from the engine they
 * are still marked, so this keeps, for all properties that the SDK unpacks, the message that they came in.
 */

/** The part of a protobuf Struct that is used. */
interface WireStruct {
  toJavaScript(): unknown;
}
interface Unpacker {
  deserializeProperties(wire: WireStruct, proxySecrets: boolean): object;
}

const wires = new WeakMap<object, WireStruct>();
/** One message is handed to every policy anew; it is read into a Value once. */
const values = new WeakMap<WireStruct, Value>();

function isUnpacker(module: unknown): module is Unpacker {
  return typeof module === "object" && module !== null && "deserializeProperties" in module;
}

/**
 * Starts to keep the messages. Must run before the pack is served. The SDK's own unpacking is left out: nothing reads what
 * it gives, and it does it once for every policy.
 * Throws when the SDK has changed: without the marks no rule could tell a secret from a plain value.
 */
export function keepWireMessages(): void {
  const sdk: unknown = createRequire(__filename)("@pulumi/policy/deserialize");
  if (!isUnpacker(sdk) || typeof sdk.deserializeProperties !== "function") {
    throw new Error(
      "this version of @pulumi/policy unpacks properties in another way; use the version in package.json",
    );
  }
  sdk.deserializeProperties = (wire) => {
    const properties = {};
    wires.set(properties, wire);
    return properties;
  };
}

/** The message that the properties of a resource came in; the same for every policy that is given them. */
export function messageOf(props: object): WireStruct | undefined {
  const target: unknown = Reflect.get(props, "__getSpecialProxyTarget");
  return typeof target === "object" && target !== null ? wires.get(target) : undefined;
}

/** The properties that a policy was given, with their secret marks. */
export function propertiesOf(props: object): Value {
  const wire = messageOf(props);
  // Nothing is known of properties that did not come over the wire, so nothing may be concluded from them.
  if (wire === undefined) return UNKNOWN;
  const kept = values.get(wire);
  if (kept !== undefined) return kept;
  const value = toValue(wire.toJavaScript());
  values.set(wire, value);
  return value;
}
