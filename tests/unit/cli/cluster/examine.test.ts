import { describe, expect, it } from "vitest";
import { examineCluster, examineFuture } from "../../../../cli/cluster/examine";
import type { Answer, ClusterReader } from "../../../../cli/cluster/kubectl";
import type { ClusterNeeds, NeededOperator } from "../../../../cli/cluster/needs";

const ok = (body: unknown): Answer => ({ kind: "ok", body });
const kinds = (...names: string[]): Answer => ok({ resources: names.map((kind) => ({ kind })) });
const classes = (...items: readonly [string, boolean][]): Answer =>
  ok({
    items: items.map(([name, isDefault]) => ({
      allowVolumeExpansion: name !== "slow",
      metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
    })),
  });

const DATABASE: NeededOperator = { name: "cloudNativePg", mode: "existing", setting: "operators.cloudNativePg" };
const NEEDS: ClusterNeeds = {
  cluster: "existing",
  sealed: false,
  operators: [DATABASE],
  storageClass: "default",
  scales: true,
};
const HEALTHY: Readonly<Record<string, Answer>> = {
  "/version": ok({ major: "1", minor: "33", gitVersion: "v1.33.4" }),
  "/apis": ok({ groups: [] }),
  "/apis/postgresql.cnpg.io/v1": kinds("Cluster", "Database", "Pooler", "ScheduledBackup"),
  "/apis/storage.k8s.io/v1/storageclasses": classes(["slow", false], ["gp3", true]),
  "/apis/metrics.k8s.io/v1beta1": kinds("PodMetrics"),
};

/** A cluster that answers so, and knows of nothing else. */
const cluster = (answers: Readonly<Record<string, Answer>> = {}): ClusterReader => ({
  context: async () => "staging",
  get: async (path) => ({ ...HEALTHY, ...answers })[path] ?? { kind: "absent" },
});

async function examine(answers: Readonly<Record<string, Answer>> = {}, needs: Partial<ClusterNeeds> = {}) {
  const findings = await examineCluster({ ...NEEDS, ...needs }, cluster(answers));
  return Object.fromEntries(findings.map(({ part, verdict, detail }) => [part, `${verdict}: ${detail}`]));
}

describe("a cluster", () => {
  it("that has everything is found to have it", async () => {
    expect(await examine()).toEqual({
      "Kubernetes cluster": "ok: reached, context staging",
      "Kubernetes version": "ok: 1.33",
      CloudNativePG: "ok: postgresql.cnpg.io/v1 is served",
      StorageClass: "ok: gp3",
      "metrics-server": "ok: metrics.k8s.io/v1beta1 is served",
    });
  });

  it("that does not answer is told in one line, with what to try", async () => {
    const refused: Answer = { kind: "failed", reason: "dial tcp 10.0.0.1:6443: i/o timeout." };
    const findings = await examine({ "/version": refused, "/apis": refused });
    expect(Object.keys(findings)).toEqual(["Kubernetes cluster"]);
    expect(findings["Kubernetes cluster"]).toMatch(/^missing: context staging .*i\/o timeout\. Try kubectl version;/);
  });

  it("that answers and does not let this user in is not taken for a good one", async () => {
    const unauthorized: Answer = { kind: "failed", reason: "You must be logged in to the server (Unauthorized)" };
    expect((await examine({ "/apis": unauthorized }))["Kubernetes cluster"]).toContain("You must be logged in");
  });

  it.each([
    [{ major: "1", minor: "28", gitVersion: "v1.28.15" }, "missing: 1.28 is too old; raise the cluster to 1.29"],
    [{ major: "1", minor: "29" }, "ok: 1.29"],
    [{ major: "1", minor: "30+", gitVersion: "v1.30.4-eks-a737599" }, "ok: 1.30"],
    [{ major: "2", minor: "0" }, "ok: 2.0"],
    [{}, "missing: the cluster does not tell it"],
    [[], "missing: the cluster does not tell it"],
  ])("of version %j", async (version, says) => {
    expect((await examine({ "/version": ok(version) }))["Kubernetes version"]).toContain(says);
  });
});

describe("an operator", () => {
  const PATH = "/apis/postgresql.cnpg.io/v1";
  const absent: Answer = { kind: "absent" };

  it("that is missing is named with the setting and the command that bring it", async () => {
    const { CloudNativePG } = await examine({ [PATH]: absent });
    expect(CloudNativePG).toMatch(
      /^missing: .*postgresql\.cnpg\.io\/v1\. Set scaling-ladder:operators\.cloudNativePg to install, or run: helm upgrade --install cloudnative-pg .* --version \d/,
    );
  });

  it("that the stack installs need not be there yet", async () => {
    const { CloudNativePG } = await examine({ [PATH]: absent }, { operators: [{ ...DATABASE, mode: "install" }] });
    expect(CloudNativePG).toMatch(/^ok: not there yet; `up` installs the chart cloudnative-pg \d/);
  });

  it("that is too old for a kind of ours is told by that kind", async () => {
    const { CloudNativePG } = await examine({ [PATH]: kinds("Cluster", "Pooler", "ScheduledBackup") });
    expect(CloudNativePG).toMatch(/^missing: .*served without Database: it is too old\. Raise it: helm/);
  });

  it("that may not be looked at is not called missing", async () => {
    const { CloudNativePG } = await examine({ [PATH]: { kind: "failed", reason: "forbidden" } });
    expect(CloudNativePG).toBe("optional: this user may not look: forbidden");
  });

  it("cannot be there before its cluster is", () => {
    const future = (mode: NeededOperator["mode"]) =>
      examineFuture({ ...NEEDS, cluster: "created", operators: [{ ...DATABASE, mode }] }).map(({ verdict }) => verdict);
    expect(future("existing")).toEqual(["ok", "missing"]);
    expect(future("install")).toEqual(["ok", "ok"]);
  });
});

describe("storage", () => {
  const PATH = "/apis/storage.k8s.io/v1/storageclasses";

  it.each([
    ["default", classes(["slow", false]), /^missing: none is the cluster's default \(there are: slow\)\. Name one in/],
    ["default", classes(), /^missing: .*there are: none/],
    ["slow", classes(["slow", false]), /^ok: slow \(its volumes cannot grow\)$/],
    ["fast", classes(["slow", true]), /^missing: fast is not there \(there are: slow\)/],
  ])("of class %s", async (storageClass, answer, says) => {
    expect((await examine({ [PATH]: answer }, { storageClass })).StorageClass).toMatch(says);
  });

  it("is not asked for by a stack that keeps nothing in the cluster", async () => {
    const reader = cluster();
    const { storageClass: _, ...needs } = NEEDS;
    const parts = (await examineCluster({ ...needs, scales: false, operators: [] }, reader)).map(({ part }) => part);
    expect(parts).toEqual(["Kubernetes cluster", "Kubernetes version"]);
  });
});

it("a cluster without a metrics server still carries the stack", async () => {
  const findings = await examine({ "/apis/metrics.k8s.io/v1beta1": { kind: "absent" } });
  expect(findings["metrics-server"]).toMatch(/^optional: .*does not follow their load/);
});
