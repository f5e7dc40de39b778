import { SIGNATURE } from "../policy/reading/value";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A resource of a stack as the tools of others get to see it: without its secrets. */
export interface Captured {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  /** The resources that each input comes from, as URNs. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** The component that it belongs to. */
  readonly parent?: string;
  readonly options: { readonly protect: boolean; readonly ignoreChanges: readonly string[] };
}

/** What stands where a secret was. */
export const MASK = "(masked)";

/** The part of an exported state that is read. */
export interface StateExport {
  readonly deployment: { readonly resources?: readonly ExportedResource[] };
}
interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: JsonObject;
  readonly outputs?: JsonObject;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  return Object.hasOwn(value, SIGNATURE) ? MASK : mapValues(value, withoutSecrets);
}

/** The same keys with other values. */
export function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

const masked = (properties: JsonObject | undefined): JsonObject => mapValues(properties ?? {}, withoutSecrets);

/** The resources of an exported stack, which still has its secrets encrypted. */
export function capturedOf({ deployment }: StateExport): readonly Captured[] {
  return (deployment.resources ?? []).map(
    ({ urn, type, id, inputs, outputs, propertyDependencies, parent, ...rest }) => ({
      urn,
      type,
      id: id ?? "",
      inputs: masked(inputs),
      outputs: masked(outputs),
      references: Object.fromEntries(
        Object.entries(propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
      ),
      ...(parent === undefined ? {} : { parent }),
      options: { protect: rest.protect === true, ignoreChanges: rest.ignoreChanges ?? [] },
    }),
  );
}

/** The name that the program gave the resource. */
export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
