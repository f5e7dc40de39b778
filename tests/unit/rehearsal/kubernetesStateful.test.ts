import { beforeEach, describe, expect, it } from "vitest";
import { kubernetes } from "../../../rehearsal/kubernetes";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const SERVICE = "kubernetes:core/v1:Service";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const QUOTA = "kubernetes:core/v1:ResourceQuota";
const LIMITS = "kubernetes:core/v1:LimitRange";

const labels = { app: "app" };
const secure = {
  name: "app",
  image: "app:1",
  volumeMounts: [{ name: "data", mountPath: "/data" }],
  securityContext: {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};
const claimSpec = (storage: unknown, accessModes: unknown = ["ReadWriteOnce"]): Values => ({
  accessModes,
  resources: { requests: { storage } },
});
const claim = (storage: unknown, modes?: unknown): Values => ({
  metadata: { name: "data", namespace: "n" },
  spec: claimSpec(storage, modes),
});
const set = (more: Values = {}, pod: Values = {}): Values => ({
  metadata: { name: "app", namespace: "n" },
  spec: {
    replicas: 2,
    serviceName: "app-nodes",
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [secure], ...pod } },
    volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claimSpec("1Gi") }],
    ...more,
  },
});

let cloud: ReturnType<typeof oneCloud>;
beforeEach(async () => {
  cloud = oneCloud([...kubernetes.resources.values()]);
  await cloud.create(NAMESPACE, {
    metadata: { name: "n", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
  await cloud.create(SERVICE, {
    metadata: { name: "app-nodes", namespace: "n" },
    spec: { clusterIP: "None", ports: [{ port: 80 }] },
  });
});

describe("a StatefulSet", () => {
  const refused = (more?: Values, pod?: Values) => cloud.check(STATEFUL_SET, set(more, pod)).join("\n");

  it("is ready once it is made, and keeps its revision", async () => {
    expect(await cloud.create(STATEFUL_SET, set())).toMatchObject({
      id: "n/app",
      status: { readyReplicas: 2, currentRevision: expect.stringMatching(/^app-[0-9a-f]{10}$/) },
    });
  });

  it("is made anew for other volumes, another selector or another Service, and for nothing else", async () => {
    await cloud.create(STATEFUL_SET, set());
    const replaced = (more: Values) => cloud.replaces(STATEFUL_SET, "n/app", { spec: set(more).spec });
    const larger = [{ metadata: { name: "data" }, spec: claimSpec("2Gi") }];
    expect(replaced({ volumeClaimTemplates: larger })).toHaveLength(1);
    expect(replaced({ serviceName: "other" })).toEqual(["spec.serviceName"]);
    expect(replaced({ podManagementPolicy: "Parallel" })).toEqual(["spec.podManagementPolicy"]);
    expect(replaced({ replicas: 5, updateStrategy: { type: "OnDelete" } })).toEqual([]);
  });

  it("mounts the volumes of its templates and its pods' own, and no others", () => {
    expect(refused()).toBe("");
    expect(refused({ volumeClaimTemplates: [] })).toContain("Not found");
    expect(refused({ volumeClaimTemplates: [] }, { volumes: [{ name: "data", emptyDir: {} }] })).toBe("");
  });

  it("names a Service and claims that are there", async () => {
    expect(refused({ serviceName: "gone" })).toContain("there is no");
    const pod = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };
    expect(refused({ volumeClaimTemplates: [] }, pod)).toContain("there is no");
    await cloud.create(CLAIM, claim("1Gi"));
    expect(refused({ volumeClaimTemplates: [] }, pod)).toBe("");
  });

  it("keeps to Pod Security, in every container and in its volumes", () => {
    const bare = { name: "first", image: "first:1" };
    expect(refused({}, { initContainers: [bare] })).toContain("first: allowPrivilegeEscalation");
    expect(refused({}, { volumes: [{ name: "disk", hostPath: { path: "/" } }] })).toContain("disk is a hostPath");
    expect(refused({ selector: { matchLabels: { app: "other" } } })).toContain("does not match");
  });

  it("leaves alone what is not known yet", () => {
    expect(cloud.check(STATEFUL_SET, { metadata: UNKNOWN, spec: UNKNOWN })).toEqual([]);
    expect(refused({ serviceName: UNKNOWN, volumeClaimTemplates: UNKNOWN }, { containers: UNKNOWN })).toBe("");
  });
});

describe("a claim", () => {
  it("has a size and a way of access", () => {
    const refused = (storage: unknown, modes?: unknown) => cloud.check(CLAIM, claim(storage, modes)).join();
    expect(refused("10Gi")).toBe("");
    expect(refused(UNKNOWN, UNKNOWN)).toBe("");
    for (const size of ["0", "much", undefined]) expect(refused(size), String(size)).toContain("greater than zero");
    expect(refused("1Gi", [])).toContain("at least 1 access mode");
    expect(refused("1Gi", ["ReadAlways"])).toContain('"ReadAlways"');
  });

  it("grows in place and never becomes smaller; another class is another volume", async () => {
    await cloud.create(CLAIM, claim("1Gi"));
    expect(cloud.replaces(CLAIM, "n/data", { spec: claimSpec("2Gi") })).toEqual([]);
    expect(cloud.replaces(CLAIM, "n/data", { spec: { ...claimSpec("1Gi"), storageClassName: "fast" } })).toEqual([
      "spec.storageClassName",
    ]);
    expect(await cloud.update(CLAIM, "n/data", claim("2Gi"))).toMatchObject({
      status: { capacity: { storage: "2Gi" } },
    });
    await expect(cloud.update(CLAIM, "n/data", claim("1Gi"))).rejects.toThrow(/can not be less/);
  });
});

describe("a quota", () => {
  const refused = (hard: unknown) => cloud.check(QUOTA, { metadata: { name: "q" }, spec: { hard } }).join();

  it("counts what the API server can count", () => {
    const counted = { "requests.cpu": "4", "limits.memory": "8Gi", pods: "20", "requests.storage": "1Ti" };
    expect(refused({ ...counted, "count/jobs.batch": "5", "requests.nvidia.com/gpu": "1" })).toBe("");
    expect(refused({ "request.cpu": "4" })).toContain("standard resource for quota");
    expect(refused({ pods: "many" })).toContain("quantities");
    expect(refused(UNKNOWN)).toBe("");
  });
});

describe("a limit range", () => {
  const refused = (limit: Values) => cloud.check(LIMITS, { metadata: { name: "l" }, spec: { limits: [limit] } }).join();

  it("goes from the least to the most", () => {
    const rising = { defaultRequest: { cpu: "50m" }, default: { cpu: "1" }, max: { cpu: "2" } };
    expect(refused({ type: "Container", ...rising })).toBe("");
    expect(refused({ type: "Container", ...rising, default: { cpu: "3" } })).toContain("must not decrease");
    expect(refused({ type: "Container", min: { memory: "2Gi" }, max: { memory: "1Gi" } })).toContain("memory");
    expect(refused({ type: "Machine" })).toContain('"Machine"');
    expect(refused({ type: "Pod", max: { cpu: "much" } })).toContain("quantities");
  });
});
