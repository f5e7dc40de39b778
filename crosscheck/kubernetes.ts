import { stringify } from "yaml";
import { type Captured, isObject, type JsonObject, nameOf } from "./captured";

/** Everything in a Secret is secret, whether or not it is marked. */
const CONTENT = ["data", "stringData"];

/** As the tools read it: the text `on` would be a yes or no to them. */
const YAML = { version: "1.1" } as const;

/** Whether resources of a type are objects in the cluster. A release of Helm is none, and what its chart holds is not ours. */
export const isObjectType = (type: string): boolean =>
  type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/");

/** Manifests, and the resource that each name of theirs stands for. */
export interface ExportedManifests {
  readonly manifests: string;
  readonly urns: ReadonlyMap<string, string>;
}

/** Writes the Kubernetes objects of a stack as one file of manifests, the content of Secrets left out. */
export function exportManifests(resources: readonly Captured[]): ExportedManifests {
  const objects = resources.filter(({ type }) => isObjectType(type));
  return {
    manifests: objects
      .map(({ type, inputs }) =>
        stringify(type === "kubernetes:core/v1:Secret" ? withoutContent(inputs) : inputs, YAML),
      )
      .join("---\n"),
    urns: new Map(objects.flatMap((object) => namesOf(object).map((name) => [name, object.urn] as const))),
  };
}

const withoutContent = (secret: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(secret).filter(([key]) => !CONTENT.includes(key)));

/** The names that Checkov and kube-score give an object, and what Checkov calls the pods that it makes. */
function namesOf({ urn, inputs: { apiVersion, kind, metadata } }: Captured): readonly string[] {
  const { name, namespace } = isObject(metadata) ? metadata : {};
  if (typeof kind !== "string" || typeof apiVersion !== "string" || typeof name !== "string")
    throw new Error(`${nameOf(urn)} is no Kubernetes object: it lacks kind, apiVersion or name`);
  const place = `${namespace ?? "default"}.${name}`;
  return [`${kind}.${place}`, `Pod.${place}`, [kind, apiVersion, namespace ?? "", name].join("/")];
}
