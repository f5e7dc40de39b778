import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject, type Json, nameOf } from "../../crosscheck/captured";
import { type Kubernetes, startKubernetes } from "../servers/kubernetes";
import type { KubernetesObject, Reply } from "../servers/kubernetesApi";
import { copyProject } from "../support/project";
import { podOf } from "./pods";
import { danglingReferences } from "./references";
import { CASES, type MadeObject, type RehearsedObjects, rehearsedObjects } from "./rehearsedObjects";

const project = copyProject();
afterAll(project.remove);

describe.each(CASES)("a real API server and $name", (stack) => {
  let kubernetes: Kubernetes;
  let made: RehearsedObjects;
  /** What it said to each object, and the version that the object has since. */
  const first = new Map<MadeObject, Reply>();
  beforeAll(async () => {
    made = await rehearsedObjects(project, stack);
    kubernetes = await startKubernetes();
    for (const one of made.objects) first.set(one, await kubernetes.apply(one.object));
  });
  afterAll(() => kubernetes?.stop());

  it("takes every object in the order of the engine: none is rejected, none warned of", () => {
    expect(first.size).toBeGreaterThan(10);
    expect([...first].flatMap(([{ urn }, reply]) => objections(nameOf(urn), reply))).toEqual([]);
  });

  it("has nothing to change when they come again", async () => {
    const changed: string[] = [];
    for (const [{ urn, object }, before] of first) {
      const again = await kubernetes.apply(object);
      if (!isSame(object, before.body, again.body)) changed.push(nameOf(urn));
    }
    expect(changed).toEqual([]);
  });

  it("names nothing that is not there", () => {
    expect(danglingReferences(made.objects.map(({ object }) => object))).toEqual([]);
  });

  it("lets the pods into their namespaces, which hold them to Pod Security restricted", async () => {
    const pods = made.objects.flatMap(({ object }) => podOf(object) ?? []);
    expect(pods.length).toBeGreaterThan(0);
    for (const pod of pods)
      expect(objections(pod.metadata.name, await kubernetes.create(pod, { dryRun: true }))).toEqual([]);
    const [pod] = pods;
    if (pod === undefined || !isObject(pod.spec)) throw new Error("there is no pod");
    const onItsMachine = { ...pod, spec: { ...pod.spec, hostNetwork: true } };
    expect((await kubernetes.create(onItsMachine, { dryRun: true })).message).toContain(
      'violates PodSecurity "restricted',
    );
  });
});

const objections = (name: string, { status, message, warnings }: Reply): readonly string[] => [
  ...(status < 300 ? [] : [`${name} is rejected: ${message}`]),
  ...warnings.map((warning) => `${name} is warned of: ${warning}`),
];

/** The server writes a claim once more when it comes again, with nothing in it changed but this version. */
function isSame({ kind }: KubernetesObject, before: Json, after: Json): boolean {
  const [one, other] = [contentOf(before), contentOf(after)];
  return (
    one.version !== undefined &&
    (kind === "PersistentVolumeClaim" ? one.rest === other.rest : one.version === other.version)
  );
}

function contentOf(body: Json): { readonly version: Json | undefined; readonly rest: string } {
  const metadata = isObject(body) && isObject(body.metadata) ? body.metadata : {};
  const { resourceVersion, ...rest } = metadata;
  return { version: resourceVersion, rest: JSON.stringify({ ...(isObject(body) ? body : {}), metadata: rest }) };
}
