import { join } from "node:path";
import { type Captured, capturedOf, isObject, type Json, mapValues, type StateExport } from "../../crosscheck/captured";
import { isObjectType } from "../../crosscheck/kubernetes";
import { SIGNATURE } from "../../policy/reading/value";
import type { KubernetesObject } from "../servers/kubernetesApi";
import { rehearsedStack } from "../support/clouds";
import type { Project } from "../support/project";

/** A stack with objects in a Kubernetes cluster. */
export interface StackCase {
  readonly name: string;
  /** The one of the project whose settings it has. */
  readonly stack: string;
  /** Texts of its settings, and what stands there instead. */
  readonly change?: Readonly<Record<string, string>>;
}

/** PostgreSQL with its pooler, the cache and the files in the cluster. */
export const SELF_HOSTED: StackCase = {
  name: "smb on Kubernetes",
  stack: "smb",
  change: { "host: aws": "host: kubernetes\n    pooler: true" },
};

export const CASES: readonly StackCase[] = [
  { name: "smb", stack: "smb" },
  { name: "prod", stack: "prod" },
  { name: "team", stack: "team" },
  SELF_HOSTED,
  {
    name: "smb beside a database elsewhere",
    stack: "smb",
    change: { "host: aws": "host: external\n    url: postgresql://platform:platform@database.example.com/platform" },
  },
];

export interface MadeObject {
  readonly urn: string;
  readonly object: KubernetesObject;
}

export interface RehearsedObjects {
  /** All of the stack, without its secrets. */
  readonly resources: readonly Captured[];
  /** Its objects with all that they hold, in the order in which the engine made them. */
  readonly objects: readonly MadeObject[];
}

/** Brings a stack up in simulated clouds, and takes what the engine sent to Kubernetes: a preview does not know all of it. */
export async function rehearsedObjects(
  project: Project,
  { name, stack, change }: StackCase,
): Promise<RehearsedObjects> {
  const rehearsed = await rehearsedStack(project, stack, join(project.outside, name));
  if (change !== undefined) rehearsed.change(change);
  const up = await rehearsed.up();
  if (up.code !== 0) throw new Error(`${name} did not come up:\n${up.said}`);
  const { said } = await rehearsed.pulumi("stack", "export", "--show-secrets");
  const state = JSON.parse(said) as StateExport;
  return { resources: capturedOf(state), objects: objectsOf(state) };
}

/** The objects in a state whose secrets are shown. */
export function objectsOf({ deployment }: StateExport): readonly MadeObject[] {
  return (deployment.resources ?? []).flatMap(({ urn, type, inputs }) => {
    if (!isObjectType(type)) return [];
    const object = shown(inputs ?? {});
    if (!isKubernetesObject(object)) throw new Error(`${urn} is no object of Kubernetes`);
    return [{ urn, object }];
  });
}

/** What the engine wrote out because it was told to show secrets, in the place of what says that it is one. */
function shown(value: Json): Json {
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value;
  if (!Object.hasOwn(value, SIGNATURE)) return mapValues(value, shown);
  if (typeof value.plaintext !== "string") throw new Error("a secret was not shown");
  return shown(JSON.parse(value.plaintext) as Json);
}

export const isKubernetesObject = (value: Json | undefined): value is KubernetesObject =>
  isObject(value) &&
  typeof value.apiVersion === "string" &&
  typeof value.kind === "string" &&
  isObject(value.metadata) &&
  typeof value.metadata.name === "string";
