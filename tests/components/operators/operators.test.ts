import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { helmCommand, OPERATOR_NAMES, OPERATORS } from "../../../components/operators/charts";
import { Operators, type OperatorsArgs } from "../../../components/operators/operators";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const RELEASE = "helm.sh/v3:Release";
const ALL = {
  certManager: "install",
  cloudNativePg: "install",
  barmanCloud: "install",
  prometheus: "install",
} as const;

async function makeOperators(args: OperatorsArgs) {
  const cloud = rehearsedMocks();
  const records = recording();
  const operators = new Operators("operators", args, records.opts);
  await records.made();
  return { operators, ...records, ...cloud };
}

const values = (release: { readonly inputs: Readonly<Record<string, unknown>> }) =>
  release.inputs.values as Record<string, Record<string, unknown>>;

describe("operators that are there", () => {
  it("are left alone, and that is the default", async () => {
    const { made, operators } = await makeOperators({});
    expect(made.filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
    expect(operators.installed).toEqual([]);
  });

  it("are not made again beside those that are installed", async () => {
    const { all } = await makeOperators({ cloudNativePg: "install", certManager: "existing" });
    expect(all(RELEASE).map(({ inputs }) => inputs.name)).toEqual(["cloudnative-pg"]);
    expect(all("core/v1:Namespace")).toHaveLength(1);
    expect(all("core/v1:Secret")).toEqual([]);
  });
});

describe("operators that are installed", () => {
  it("are releases of exact versions, which leave nothing behind when they fail", async () => {
    const { all, operators } = await makeOperators(ALL);
    expect(operators.installed).toEqual(OPERATOR_NAMES);
    const releases = all(RELEASE);
    expect(releases).toHaveLength(4);
    for (const { inputs } of releases) {
      expect(inputs).toMatchObject({ atomic: true, cleanupOnFail: true, timeout: 600 });
      expect(inputs.version).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(inputs.repositoryOpts).toEqual({ repo: expect.stringMatching(/^https:\/\//) });
    }
  });

  it("stand in namespaces that start only restricted pods, the plugin in that of its operator", async () => {
    const { all, one } = await makeOperators(ALL);
    const namespaces = all("core/v1:Namespace").map(({ outputs }) => outputs.metadata as Record<string, unknown>);
    expect(namespaces.map(({ name }) => name).sort()).toEqual(["cert-manager", "cnpg-system", "monitoring"]);
    for (const { labels } of namespaces)
      expect(labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
    expect(one(RELEASE, "plugin-barman-cloud").inputs.namespace).toBe(one(RELEASE, "cloudnative-pg").inputs.namespace);
    // What a node exporter wants of the node, no such namespace gives.
    expect(values(one(RELEASE, "kube-prometheus-stack")).nodeExporter).toEqual({ enabled: false });
  });

  it("come in order: the plugin after cert-manager and its operator, and nothing else waits", async () => {
    const { find } = await makeOperators(ALL);
    const comesAfter = async (name: string) => {
      const urns = [find(name).opts.dependsOn].flat().map((resource) => resolved((resource as pulumi.Resource).urn));
      return (await Promise.all(urns)).map((urn) => urn.split("::").at(-1));
    };
    expect(await comesAfter("operators-plugin-barman-cloud")).toEqual([
      "operators-cert-manager",
      "operators-cloudnative-pg",
    ]);
    expect(await comesAfter("operators-cloudnative-pg")).toEqual([]);
    expect(await comesAfter("operators-kube-prometheus-stack")).toEqual(["operators-grafana-login"]);
  });

  it("keep the definitions of certificates when a release goes", async () => {
    const { one } = await makeOperators(ALL);
    expect(values(one(RELEASE, "cert-manager")).crds).toEqual({ enabled: true, keep: true });
  });

  it("request what they take, in every pod", async () => {
    const { all } = await makeOperators(ALL);
    const asked = (value: unknown): object[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, child]) =>
            key === "resources" && "limits" in child ? [child] : asked(child),
          );
    for (const release of all(RELEASE)) {
      const found = asked(release.inputs.values);
      expect(found.length, release.name).toBeGreaterThan(0);
      for (const each of found)
        expect(each).toEqual({
          requests: { cpu: expect.any(String), memory: expect.any(String), "ephemeral-storage": expect.any(String) },
          limits: { memory: expect.any(String), "ephemeral-storage": expect.any(String) },
        });
    }
  });

  it("give Grafana a login of its own, which stands in a Secret only", async () => {
    const { one } = await makeOperators({ prometheus: "install", prometheusNamespace: "watch" });
    const secret = one("core/v1:Secret");
    expect(secret.inputs.metadata).toMatchObject({ namespace: "watch" });
    const { "admin-password": encoded = "" } = secret.inputs.data as Record<string, string>;
    const password = Buffer.from(encoded, "base64").toString();
    expect(password).toHaveLength(32);
    const release = one(RELEASE);
    expect(release.inputs.namespace).toBe("watch");
    expect(JSON.stringify(release.inputs)).not.toContain(password);
    expect(values(release).grafana?.admin).toEqual({
      existingSecret: "grafana-login",
      userKey: "admin-user",
      passwordKey: "admin-password",
    });
  });

  it("let Prometheus see every rule and monitor, and keep its metrics on a volume", async () => {
    const { one } = await makeOperators({ prometheus: "install", storageClass: "fast" });
    const spec = values(one(RELEASE)).prometheus?.prometheusSpec;
    expect(spec).toMatchObject({
      ruleSelectorNilUsesHelmValues: false,
      serviceMonitorSelectorNilUsesHelmValues: false,
      podMonitorSelectorNilUsesHelmValues: false,
      retentionSize: "16GiB",
      storageSpec: {
        volumeClaimTemplate: { spec: { storageClassName: "fast", resources: { requests: { storage: "20Gi" } } } },
      },
    });
  });

  it("take more values from a transform", async () => {
    const { one } = await makeOperators({
      cloudNativePg: "install",
      transform: { cloudNativePg: (args) => ({ ...args, values: { ...args.values, replicaCount: 2 } }) },
    });
    expect(values(one(RELEASE))).toMatchObject({ replicaCount: 2, resources: {} });
  });

  it("put the plugin into the namespace of an operator that is there, and never take that namespace over", async () => {
    const { one, all } = await makeOperators({ barmanCloud: "install" });
    expect(one(RELEASE).inputs.namespace).toBe("cnpg-system");
    expect(all("core/v1:Namespace")).toEqual([]);
  });

  it("have a command each that installs the same by hand", () => {
    for (const name of OPERATOR_NAMES) {
      const { chart, version, repository, namespace } = OPERATORS[name];
      const command = helmCommand(name);
      for (const part of [
        ` ${chart} ${chart} `,
        `--version ${version}`,
        `--repo ${repository}`,
        `--namespace ${namespace}`,
      ])
        expect(command).toContain(part);
    }
    expect(helmCommand("certManager")).toContain("crds.enabled=true");
    expect(helmCommand("prometheus")).toContain("ruleSelectorNilUsesHelmValues=false");
  });

  it("are told in the documents in the versions that are installed", () => {
    const page = readFileSync(join(__dirname, "../../../docs/kubernetes.md"), "utf8");
    for (const name of OPERATOR_NAMES) {
      const { chart, version, api } = OPERATORS[name];
      expect(page).toContain(`| \`${chart}\` | ${version} |`);
      if (name !== "certManager") expect(page).toContain(api.groupVersion);
    }
  });

  it("are all named in the table, each kind of API once", () => {
    const groups = OPERATOR_NAMES.map((name) => OPERATORS[name].api.groupVersion);
    expect(new Set(groups).size).toBe(groups.length);
  });
});
