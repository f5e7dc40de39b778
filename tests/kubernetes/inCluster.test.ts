import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KubernetesRedis } from "../../components/cache/kubernetes/kubernetesRedis";
import { MinioFiles } from "../../components/files/minio/minioFiles";
import { Namespace } from "../../components/kubernetes/namespace";
import { type Rehearsed, rehearsedMocks, settled } from "../../rehearsal/mocks";
import { type Kubernetes, startKubernetes } from "../servers/kubernetes";
import type { KubernetesObject, Reply } from "../servers/kubernetesApi";
import { podOf } from "./pods";

/** What stands beside the database, with every option that the stacks leave alone, at a real API server. */

async function objectsOf(name: string, make: (namespace: Namespace["namespace"]) => void): Promise<KubernetesObject[]> {
  const { made } = rehearsedMocks();
  const quota = { cpu: 16, memoryGiB: 48, pods: 60, storageGiB: 500, container: { cpu: 4, memoryGiB: 8 } };
  make(new Namespace("namespace", { name, quota }).namespace);
  await settled();
  return made.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }: Rehearsed) => inputs as never);
}

const common = { size: "high-load", deletionProtection: true, monitoringNamespace: "monitoring" } as const;

const CASES: readonly [string, (namespace: Namespace["namespace"]) => void][] = [
  [
    "redis",
    (namespace) => {
      new KubernetesRedis("cache", { ...common, namespace, engine: "redis", nodes: 1, maxmemoryPolicy: "allkeys-lru" });
      new MinioFiles("files", { ...common, namespace, storageGiB: 100, storageClass: "fast", noncurrentDays: 30 });
    },
  ],
  [
    "valkey",
    (namespace) => {
      const certificate = "redis-certificate";
      const engine = "valkey";
      const options = { maxmemoryPolicy: "volatile-lru", storageClass: "fast", storageGiB: 20, nodes: 6, certificate };
      new KubernetesRedis("cache", { ...common, ...options, namespace, engine });
    },
  ],
];

let kubernetes: Kubernetes;
beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());

const objections = (name: string, { status, message, warnings }: Reply): readonly string[] => [
  ...(status < 300 ? [] : [`${name} is rejected: ${message}`]),
  ...warnings.map((warning) => `${name} is warned of: ${warning}`),
];

/** What the server keeps of an object, without the number of its writing: a claim is written once more, and is the same. */
function contentOf({ body }: Reply): object {
  const { metadata, ...rest } = Object(body) as { metadata: object };
  return { ...rest, metadata: { ...metadata, resourceVersion: "" } };
}

describe.each(CASES)("a real API server and the cache %s", (name, make) => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    objects = await objectsOf(name, make);
  });

  it("takes everything without a warning, and has nothing to change when it comes again", async () => {
    expect(objects.length).toBeGreaterThan(8);
    for (const object of objects) {
      const title = `${object.kind} ${object.metadata.name}`;
      const first = await kubernetes.apply(object);
      expect(objections(title, first)).toEqual([]);
      expect(contentOf(await kubernetes.apply(object)), title).toEqual(contentOf(first));
    }
  });

  it("lets the pods in, under Pod Security restricted", async () => {
    const pods = objects.flatMap((object) => podOf(object) ?? []);
    expect(pods.length).toBeGreaterThan(0);
    for (const pod of pods)
      expect(objections(pod.metadata.name, await kubernetes.create(pod, { dryRun: true }))).toEqual([]);
  });

  it("keeps every container within the bounds of the namespace, and gives bounds to one that names none", async () => {
    const [pod] = objects.flatMap((object) => podOf(object) ?? []);
    if (pod === undefined) throw new Error("there is no pod");
    const bounded = (resources: object) => {
      const spec = Object(pod.spec) as { containers: object[] };
      const containers = spec.containers.map((container) => ({ ...container, resources }));
      return { ...pod, spec: { ...spec, containers } } as KubernetesObject;
    };
    const large = await kubernetes.create(bounded({ limits: { memory: "9Gi" } }), { dryRun: true });
    expect(large.message).toContain("maximum memory usage per Container is 8Gi");
    const unnamed = await kubernetes.create(bounded({}), { dryRun: true });
    const [container] = Reflect.get(Object(Reflect.get(Object(unnamed.body), "spec")), "containers") as object[];
    expect(container).toMatchObject({
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "4", memory: "128Mi" } },
    });
  });
});
