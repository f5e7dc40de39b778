import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../cli/finding";
import { type Kubernetes, startKubernetes } from "../servers/kubernetes";
import { freePort } from "../servers/process";
import { must } from "../servers/run";
import { kubectl as kubectlProgram } from "../servers/tools";
import { copyProject, type Project } from "../support/project";

/** `ladder doctor <stack>` asks a real API server, through a kubectl of the server's version on the PATH. */

let cluster: Kubernetes;
let project: Project;
/** Nobody listens there. */
let port: number;
let path: string;

beforeAll(async () => {
  project = copyProject("my platform in a cluster");
  project.settings(
    [
      "tier: smb",
      'users: "20000"',
      "database:",
      "    host: kubernetes",
      "backup:",
      "    store:",
      "      bucket: copies",
    ],
    "own",
  );
  path = [dirname(await kubectlProgram()), project.env.PATH].join(delimiter);
  port = await freePort();
  cluster = await startKubernetes();
});
afterAll(async () => {
  project.remove();
  await cluster?.stop();
});

const kubectl = (...args: string[]) =>
  must(["kubectl", ...args], { env: { ...project.env, PATH: path, KUBECONFIG: cluster.kubeconfig } });

async function doctor(kubeconfig: string) {
  const { code, stdout, stderr } = await project.ladder(["doctor", "own", "--json"], {
    env: { KUBECONFIG: kubeconfig, PATH: path },
  });
  const findings = JSON.parse(stdout) as Finding[];
  const said = Object.fromEntries(findings.map(({ part, verdict, detail }) => [part, `${verdict}: ${detail}`]));
  return { code, stderr, said };
}

/** Until the server does not serve it any more. */
async function gone(path: string, kind?: string): Promise<void> {
  for (;;) {
    const { status, body } = await cluster.get(path);
    if (status === 404 || (kind !== undefined && !JSON.stringify(body).includes(`"${kind}"`))) return;
    await sleep(200);
  }
}

const DATABASE = "CloudNativePG";
const PLUGIN = "Barman Cloud plugin of CloudNativePG";

describe("a cluster with all operators", () => {
  it("lacks nothing once it has a default StorageClass", async () => {
    const without = await doctor(cluster.kubeconfig);
    expect(without.code).toBe(3);
    expect(without.said.StorageClass).toMatch(/^missing: .*there are: none/);
    await cluster.apply({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "disk", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "example.com/disk",
      allowVolumeExpansion: true,
    });
    const { code, said, stderr } = await doctor(cluster.kubeconfig);
    expect(code, stderr).toBe(0);
    expect(said).toMatchObject({
      "Kubernetes cluster": "ok: reached, context test",
      "Kubernetes version": expect.stringMatching(/^ok: 1\.\d+$/),
      [DATABASE]: "ok: postgresql.cnpg.io/v1 is served",
      [PLUGIN]: "ok: barmancloud.cnpg.io/v1 is served",
      "Prometheus operator": "ok: monitoring.coreos.com/v1 is served",
      StorageClass: "ok: disk",
      "metrics-server": expect.stringMatching(/^optional: /),
    });
  });
});

describe("a cluster that lacks something", () => {
  it("is told what, and what brings it", async () => {
    await kubectl("delete", "crd", "objectstores.barmancloud.cnpg.io", "databases.postgresql.cnpg.io");
    await gone("/apis/barmancloud.cnpg.io/v1");
    await gone("/apis/postgresql.cnpg.io/v1", "Database");
    const { code, said, stderr } = await doctor(cluster.kubeconfig);
    expect(code).toBe(3);
    expect(stderr).toContain(`error: Missing: ${DATABASE}, ${PLUGIN}`);
    expect(said[PLUGIN]).toMatch(
      /^missing: the cluster does not serve barmancloud\.cnpg\.io\/v1\. Set .*operators\.cloudNativePg to install, or run: helm /,
    );
    expect(said[DATABASE]).toMatch(/^missing: .*without Database: it is too old\. Raise it: helm /);
    expect(said["Prometheus operator"]).toMatch(/^ok/);
  });
});

describe("a cluster that cannot be asked", () => {
  const other = (name: string, change: (text: string) => string): string => {
    const file = `${project.outside}/${name}`;
    writeFileSync(file, change(readFileSync(cluster.kubeconfig, "utf8")));
    return file;
  };

  it.each([
    [
      "is not there",
      async () => other("down", (text) => text.replace(cluster.url, `https://127.0.0.1:${port}`)),
      "refused",
    ],
    ["lets nobody in", async () => other("stranger", (text) => text.replace(cluster.token, "nobody")), "Unauthorized"],
    [
      "has another certificate",
      async () => other("impostor", (text) => text.replace(/certificate-authority-data: .*/, "")),
      "certificate",
    ],
    ["is named by no kubeconfig", async () => `${project.outside}/nowhere`, "no context of a kubeconfig is chosen"],
  ])("because it %s is told in one line", async (_why, kubeconfig, says) => {
    const { code, said } = await doctor(await kubeconfig());
    expect(code).toBe(3);
    expect(said["Kubernetes cluster"]).toMatch(/^missing: [^\n]*Try kubectl version;/);
    expect(said["Kubernetes cluster"]).toContain(says);
    expect(said).not.toHaveProperty(DATABASE);
  });

  it("for want of a context of that name", async () => {
    project.write(
      "Pulumi.own.yaml",
      `${project.read("Pulumi.own.yaml")}  scaling-ladder:cluster:\n    context: other\n`,
    );
    expect((await doctor(cluster.kubeconfig)).said["Kubernetes cluster"]).toMatch(/context other .*does not exist/);
  });
});
