import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ExternalS3Files } from "../../../components/files/externalS3";
import { MinioFiles, type MinioFilesArgs } from "../../../components/files/minio/minioFiles";
import { Namespace } from "../../../components/kubernetes/namespace";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const STATEFUL_SET = "apps/v1:StatefulSet";
const JOB = "batch/v1:Job";
const CLAIM = "PersistentVolumeClaim";

interface Pod {
  readonly metadata: { annotations: Record<string, string> };
  readonly spec: {
    containers: [
      { image: string; env: { name: string; value?: string; valueFrom?: object }[]; [key: string]: unknown },
    ];
    [key: string]: unknown;
  };
}

async function makeMinio(more: Partial<MinioFilesArgs> = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const { namespace } = new Namespace("namespace", { name: "aibase" });
  const files = new MinioFiles(
    "files",
    { namespace, storageGiB: 100, size: "production", noncurrentDays: 30, deletionProtection: true, ...more },
    records.opts,
  );
  await records.made();
  const podOf = (type: string) => Reflect.get(Object(cloud.one(type).inputs.spec), "template") as Pod;
  return { files, server: podOf(STATEFUL_SET), setup: podOf(JOB), ...records, ...cloud };
}

const setupFiles = (cloud: Awaited<ReturnType<typeof makeMinio>>) =>
  cloud.one("ConfigMap").inputs.data as Record<string, string>;

describe("the endpoint of MinIO", () => {
  it("S1-33: is S3 with an address of its own and the bucket in the path", async () => {
    const { endpoint } = (await makeMinio()).files;
    expect(endpoint).toMatchObject({ kind: "s3", region: "us-east-1", forcePathStyle: true });
    expect(await resolved(endpoint.bucket)).toBe("aibase");
    expect(await resolved(endpoint.endpoint)).toBe("http://minio.aibase.svc.cluster.local:9000");
  });

  it("has the keys of the application's user, who is not root", async () => {
    const { files, all } = await makeMinio();
    const { accessKey, secretKey } = files.endpoint.credentials ?? {};
    expect(await resolved(accessKey)).toBe("aibase");
    expect(await resolved(secretKey)).toMatch(/^\w{40}$/);
    for (const key of [accessKey, secretKey]) expect(await pulumi.isSecret(pulumi.output(key))).toBe(true);
    expect(new Set(all("RandomPassword").map(({ outputs }) => outputs.result)).size).toBe(3);
  });
});

describe("the server", () => {
  it("is one pod on a volume of its own, which is protected and not a template", async () => {
    const { one, find, server } = await makeMinio({ storageClass: "fast" });
    expect(one(CLAIM).inputs).toMatchObject({
      metadata: { name: "minio-data" },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "100Gi" } } },
    });
    expect(find("files-volume").opts.protect).toBe(true);
    const { replicas, volumeClaimTemplates } = one(STATEFUL_SET).inputs.spec as Record<string, unknown>;
    expect({ replicas, volumeClaimTemplates }).toEqual({ replicas: 1, volumeClaimTemplates: undefined });
    expect(server.spec.volumes).toContainEqual({ name: "data", persistentVolumeClaim: { claimName: "minio-data" } });
  });

  it("has no console, an exact version, and probes of its own", async () => {
    const [container] = (await makeMinio()).server.spec.containers;
    expect(container.image).toMatch(/\/minio:RELEASE\.[0-9TZ-]+$/);
    expect(container.env).toContainEqual({ name: "MINIO_BROWSER", value: "off" });
    expect(container).toMatchObject({
      readinessProbe: { httpGet: { path: "/minio/health/ready", port: "s3" } },
      livenessProbe: { httpGet: { path: "/minio/health/live", port: "s3" } },
    });
    const own = await makeMinio({ image: "mine/minio:1", clientImage: "mine/mc:1" });
    expect([own.server, own.setup].map(({ spec }) => spec.containers[0].image)).toEqual(["mine/minio:1", "mine/mc:1"]);
  });

  it("lets in the application, the setup and, where it is told, Prometheus, and goes nowhere itself", async () => {
    const { one } = await makeMinio({ clients: ["aibase", "litestream"], monitoringNamespace: "monitoring" });
    const { ingress, egress, policyTypes } = one("NetworkPolicy", "files-network").inputs.spec as {
      ingress: { from: object[]; ports: object[] }[];
      egress?: unknown;
      policyTypes: string[];
    };
    expect([policyTypes, egress]).toEqual([["Ingress", "Egress"], undefined]);
    expect(ingress.map(({ ports }) => ports)).toEqual([
      [{ protocol: "TCP", port: 9000 }],
      [{ protocol: "TCP", port: 9000 }],
    ]);
    expect(ingress[0]?.from).toEqual(
      ["aibase", "litestream", "minio-setup"].map((app) => ({ podSelector: { matchLabels: { app } } })),
    );
    expect(one("NetworkPolicy", "files-setup-network").inputs.spec).toMatchObject({
      egress: [{ to: [{ podSelector: { matchLabels: { app: "minio" } } }], ports: [{ port: 9000 }] }],
    });
  });
});

describe("the setup", () => {
  it("S1-80: gives the application exactly the four actions on its bucket", async () => {
    const policy = JSON.parse(setupFiles(await makeMinio({ bucket: "files" }))["policy.json"] ?? "") as {
      Statement: { Effect: string; Action: string | string[]; Resource: string }[];
    };
    const rights = policy.Statement.flatMap(({ Effect, Action, Resource }) =>
      [Action].flat().map((action) => `${Effect} ${action} ${Resource}`),
    );
    expect(rights.sort()).toEqual([
      "Allow s3:DeleteObject arn:aws:s3:::files/*",
      "Allow s3:GetObject arn:aws:s3:::files/*",
      "Allow s3:ListBucket arn:aws:s3:::files",
      "Allow s3:PutObject arn:aws:s3:::files/*",
    ]);
  });

  it("forgets old versions after the days that it was told", async () => {
    expect(JSON.parse(setupFiles(await makeMinio({ noncurrentDays: 9 }))["lifecycle.json"] ?? "")).toMatchObject({
      Rules: [{ Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 9 } }],
    });
  });

  it("comes after the server, ends by itself, and runs anew when something of it changes", async () => {
    const checksum = async (more: Partial<MinioFilesArgs>) =>
      (await makeMinio(more)).setup.metadata.annotations["scaling-ladder/setup"];
    const { find, one } = await makeMinio();
    expect(find("files-setup").opts.dependsOn).toHaveLength(1);
    expect(one(JOB).inputs.spec).toMatchObject({ activeDeadlineSeconds: 900 });
    expect(await checksum({})).toBe(await checksum({}));
    expect(await checksum({})).not.toBe(await checksum({ noncurrentDays: 31 }));
  });

  it("has no secret in its specification, nor has anything else but the Secret", async () => {
    const { made, all } = await makeMinio();
    const text = JSON.stringify(
      made.filter(({ type }) => !/Secret|RandomPassword/.test(type)).map(({ inputs }) => inputs),
    );
    for (const { outputs } of all("RandomPassword")) expect(text).not.toContain(outputs.result);
    expect(text).toContain("http://$(ROOT_USER):$(ROOT_PASSWORD)@$(SERVER):9000");
  });
});

it("lets the user have the last word", async () => {
  const { one } = await makeMinio({
    transform: {
      statefulSet: (args) => ({ ...args, metadata: { ...args.metadata, annotations: { mine: "yes" } } }),
      volume: (args) => ({ ...args, metadata: { ...args.metadata, annotations: { mine: "yes" } } }),
      networkPolicy: (args) => ({ ...args, spec: { podSelector: {}, policyTypes: ["Ingress"] } }),
    },
  });
  for (const type of [STATEFUL_SET, CLAIM])
    expect(one(type).inputs.metadata).toMatchObject({ annotations: { mine: "yes" } });
  expect(one("NetworkPolicy", "files-network").inputs.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress"] });
});

describe("a bucket that others keep", () => {
  it.each([undefined, false])("is named as it was given, with secret keys (path style %s)", async (forcePathStyle) => {
    rehearsedMocks();
    const records = recording();
    const { endpoint } = new ExternalS3Files("files", {
      endpoint: "https://s3.example.com",
      bucket: "aibase",
      region: "eu-1",
      accessKey: "the-access-key",
      secretKey: "the-secret-key",
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    });
    await records.made();
    expect(endpoint).toMatchObject({ kind: "s3", region: "eu-1", endpoint: "https://s3.example.com" });
    expect(endpoint.forcePathStyle).toBe(forcePathStyle ?? true);
    expect(await resolved(endpoint.bucket)).toBe("aibase");
    for (const key of Object.values(endpoint.credentials ?? {})) expect(await pulumi.isSecret(key)).toBe(true);
  });
});
