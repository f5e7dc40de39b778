import { describe, expect, it } from "vitest";
import { Namespace, type NamespaceArgs } from "../../../components/kubernetes/namespace";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const QUOTA = { cpu: 16, memoryGiB: 48, pods: 60, storageGiB: 500, container: { cpu: 4, memoryGiB: 8 } };

async function makeNamespace(more: Partial<NamespaceArgs> = {}, options: { preview?: boolean } = {}) {
  const cloud = rehearsedMocks(options);
  const records = recording();
  const namespace = new Namespace("namespace", { name: "aibase", quota: QUOTA, ...more }, records.opts);
  await records.made();
  return { namespace, ...cloud };
}

describe("the namespace", () => {
  it("starts pods of the level restricted only, and tells who would break it", async () => {
    const { one } = await makeNamespace();
    expect(one("core/v1:Namespace").inputs.metadata).toMatchObject({
      name: "aibase",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    });
  });

  it("lets no pod be reached, and lets each ask the cluster's name servers and nobody else", async () => {
    const { one } = await makeNamespace();
    const { metadata, spec } = one("NetworkPolicy").inputs as {
      metadata: object;
      spec: { ingress?: unknown; egress: { to: object[]; ports: object[] }[] };
    };
    expect(metadata).toMatchObject({ name: "default-deny", namespace: "aibase" });
    expect(spec).toMatchObject({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(spec.ingress).toBeUndefined();
    expect(spec.egress).toHaveLength(1);
    const [only] = spec.egress;
    expect(only?.ports).toEqual([
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ]);
    expect(only?.to[0]).toEqual({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    });
  });

  it("bounds what all pods, and what each container, may take", async () => {
    const { one } = await makeNamespace();
    expect(one("ResourceQuota").inputs.spec).toEqual({
      hard: {
        "requests.cpu": "16",
        "requests.memory": "48Gi",
        "limits.memory": "48Gi",
        pods: "60",
        "requests.storage": "500Gi",
      },
    });
    expect(one("LimitRange").inputs.spec).toMatchObject({
      limits: [{ type: "Container", max: { cpu: "4", memory: "8Gi" }, defaultRequest: { memory: "128Mi" } }],
    });
  });

  it("bounds nothing that it was not told", async () => {
    const { all } = await makeNamespace({ quota: undefined } as object);
    expect([...all("ResourceQuota"), ...all("LimitRange")]).toEqual([]);
  });

  it.each([false, true])("gives its name once all of that is there, and a preview knows it (%s)", async (preview) => {
    const { namespace } = await makeNamespace({}, { preview });
    expect(await resolved(namespace.namespace)).toBe("aibase");
  });

  it("lets the user have the last word", async () => {
    const { one } = await makeNamespace({
      transform: {
        networkPolicy: (args) => ({ ...args, spec: { podSelector: {}, policyTypes: ["Ingress"] } }),
        resourceQuota: (args) => ({ ...args, spec: { hard: { pods: "5" } } }),
        limitRange: (args) => ({ ...args, spec: { limits: [{ type: "Pod", max: { cpu: "1" } }] } }),
      },
    });
    expect(one("NetworkPolicy").inputs.spec).toMatchObject({ policyTypes: ["Ingress"] });
    expect(one("ResourceQuota").inputs.spec).toEqual({ hard: { pods: "5" } });
    expect(one("LimitRange").inputs.spec).toEqual({ limits: [{ type: "Pod", max: { cpu: "1" } }] });
  });
});
