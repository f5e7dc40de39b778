import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { KubernetesRedis, type KubernetesRedisArgs } from "../../../../components/cache/kubernetes/kubernetesRedis";
import { Namespace } from "../../../../components/kubernetes/namespace";
import { rehearsedMocks } from "../../../../rehearsal/mocks";
import { UserError } from "../../../../settings/errors";
import { resolved } from "../../../support/mocks";
import { recording } from "../../../support/recording";

const SECRET = "core/v1:Secret";
const STATEFUL_SET = "apps/v1:StatefulSet";
const POLICY = "NetworkPolicy";

interface Container {
  readonly image: string;
  readonly command?: string[];
  readonly env: { name: string; value?: string; valueFrom?: object }[];
  readonly [key: string]: unknown;
}

interface Spec {
  readonly replicas: number;
  readonly template: {
    readonly metadata: { annotations: Record<string, string> };
    readonly spec: { containers: [Container, Container]; volumes: { name: string; [key: string]: unknown }[] };
  };
  readonly volumeClaimTemplates: object[];
}

/** Makes a cache in a namespace, against the simulated API server. */
async function makeRedis(more: Partial<KubernetesRedisArgs> = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const { namespace } = new Namespace("namespace", { name: "aibase" });
  const redis = new KubernetesRedis(
    "cache",
    {
      namespace,
      engine: "redis",
      nodes: 2,
      size: "production",
      maxmemoryPolicy: "allkeys-lru",
      deletionProtection: true,
      ...more,
    },
    records.opts,
  );
  await records.made();
  const spec = cloud.one(STATEFUL_SET).inputs.spec as Spec;
  const [server, exporter] = spec.template.spec.containers;
  return { redis, spec, server, exporter, ...records, ...cloud };
}

const refused = (more: Partial<KubernetesRedisArgs>) => makeRedis(more).then(String, (error: unknown) => error);

describe("the endpoint", () => {
  it.each(["redis", "valkey"] as const)("leads to the primary with a user and a password: %s", async (engine) => {
    const { redis } = await makeRedis({ engine });
    const { kind, host, port, tls, username, password } = redis.endpoint;
    expect({ kind, port, tls }).toEqual({ kind: engine, port: 6379, tls: false });
    expect(await resolved(host)).toBe("redis.aibase.svc.cluster.local");
    expect(await resolved(username)).toBe("app");
    expect(await resolved(password)).toMatch(/^\w{40}$/);
    expect(await pulumi.isSecret(pulumi.output(password))).toBe(true);
  });

  it("is a Service for pod 0 alone, and each pod has a name of its own", async () => {
    const { one } = await makeRedis();
    expect(one("core/v1:Service", "cache-service").inputs).toMatchObject({
      metadata: { name: "redis" },
      spec: { selector: { app: "redis", "statefulset.kubernetes.io/pod-name": "redis-0" }, ports: [{ port: 6379 }] },
    });
    expect(one("core/v1:Service", "cache-nodes").inputs).toMatchObject({
      metadata: { name: "redis-nodes", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: { app: "redis" } },
    });
    expect(one(STATEFUL_SET).inputs.spec).toMatchObject({ serviceName: "redis-nodes" });
  });
});

describe("the servers", () => {
  it.each([
    ["redis", "redis:7.", "redis-server", "redis-cli"],
    ["valkey", "valkey/valkey:8.", "valkey-server", "valkey-cli"],
  ] as const)("run an exact version of %s", async (engine, image, program, client) => {
    const { server, exporter } = await makeRedis({ engine });
    expect(server.image).toMatch(new RegExp(`^${image}\\d+\\.\\d+-alpine$`));
    expect(exporter.image).toMatch(/^oliver006\/redis_exporter:v\d+\.\d+\.\d+$/);
    expect(server.command).toEqual([
      "sh",
      "/etc/redis/start.sh",
      program,
      "/etc/redis/redis.conf",
      "redis-0.redis-nodes",
      "6379",
    ]);
    expect(server.readinessProbe).toMatchObject({ exec: { command: expect.arrayContaining([client, "metrics"]) } });
  });

  it("take another image where one is named", async () => {
    const { server, exporter } = await makeRedis({ image: "mine/redis:7.2.15", exporterImage: "mine/exporter:1.90.0" });
    expect([server.image, exporter.image]).toEqual(["mine/redis:7.2.15", "mine/exporter:1.90.0"]);
  });

  it("keep what they have on a volume each, which outlives them", async () => {
    const { spec, find } = await makeRedis({ storageClass: "fast" });
    expect(spec).toMatchObject({
      replicas: 2,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "4Gi" } },
          },
        },
      ],
    });
    expect(find("cache-servers").opts.protect).toBe(true);
  });

  it.each([
    ["development", "256Mi", "1Gi"],
    ["production", "1024Mi", "4Gi"],
    ["high-load", "4096Mi", "15Gi"],
  ] as const)("have memory and disk by size: %s", async (size, memory, storage) => {
    const { spec, server } = await makeRedis({ size });
    expect(server.resources).toMatchObject({ requests: { memory }, limits: { memory } });
    expect(spec.volumeClaimTemplates).toMatchObject([{ spec: { resources: { requests: { storage } } } }]);
  });

  it("cannot have fewer or more nodes, or a smaller disk, than works", async () => {
    for (const nodes of [0, 1.5, 7]) expect(await refused({ nodes }), String(nodes)).toBeInstanceOf(UserError);
    expect(String(await refused({ nodes: 7 }))).toContain("1 to 6");
    expect(String(await refused({ storageGiB: 3 }))).toContain("need 4 GiB");
    expect((await makeRedis({ storageGiB: 40 })).spec.volumeClaimTemplates).toMatchObject([
      { spec: { resources: { requests: { storage: "40Gi" } } } },
    ]);
  });

  it("are made anew when a password or the configuration changes", async () => {
    const checksum = async (more: Partial<KubernetesRedisArgs>) =>
      (await makeRedis(more)).spec.template.metadata.annotations["scaling-ladder/configuration"];
    const [one, same, other] = [
      await checksum({}),
      await checksum({}),
      await checksum({ maxmemoryPolicy: "volatile-lru" }),
    ];
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect([one === same, one === other]).toEqual([true, false]);
  });

  it("lose one pod at a time to maintenance, where there are several", async () => {
    const { one } = await makeRedis({ nodes: 3 });
    expect(one("PodDisruptionBudget").inputs.spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: { app: "redis" } },
    });
    expect((await makeRedis({ nodes: 1 })).all("PodDisruptionBudget")).toEqual([]);
  });

  it("encrypt with the certificate that the user names", async () => {
    const { redis, server, exporter, spec, one } = await makeRedis({ certificate: "redis-certificate" });
    expect(redis.endpoint.tls).toBe(true);
    expect(JSON.stringify(one("ConfigMap").inputs.data)).toContain("tls-port 6379");
    expect(spec.template.spec.volumes).toContainEqual({
      name: "certificate",
      secret: { secretName: "redis-certificate", defaultMode: 0o440 },
    });
    expect(server.startupProbe).toMatchObject({ exec: { command: expect.arrayContaining(["--tls", "--cacert"]) } });
    expect(exporter.env).toContainEqual({ name: "REDIS_ADDR", value: "rediss://localhost:6379" });
  });
});

describe("the passwords", () => {
  it("stand in one Secret and nowhere else, the application's as a hash only", async () => {
    const { redis, made, all, one } = await makeRedis();
    const password = await resolved(redis.endpoint.password);
    const others = JSON.stringify(
      made.filter(({ type }) => !/Secret|RandomPassword/.test(type)).map((each) => each.inputs),
    );
    const passwords = all("RandomPassword").map(({ outputs }) => String(outputs.result));
    expect(new Set(passwords).size).toBe(3);
    for (const each of passwords) expect(others).not.toContain(each);
    const data = Object.values(one(SECRET).inputs.data as Record<string, string>);
    const plain = data.map((value) => Buffer.from(value, "base64").toString()).join("\n");
    expect(plain).not.toContain(password);
    expect(plain).toMatch(/user app #[0-9a-f]{64} on /);
  });

  it("reach probe and exporter through the environment, and the exporter may not read the configuration", async () => {
    const { server, exporter } = await makeRedis();
    const valueFrom = { secretKeyRef: { name: "redis-users", key: "metrics-password" } };
    expect(server.env).toContainEqual({ name: "REDISCLI_AUTH", valueFrom });
    expect(exporter.env).toContainEqual({ name: "REDIS_PASSWORD", valueFrom });
    expect(exporter.env).toContainEqual({ name: "REDIS_EXPORTER_CONFIG_COMMAND", value: "-" });
  });
});

describe("who may connect", () => {
  const rules = async (more: Partial<KubernetesRedisArgs>) =>
    (await makeRedis(more)).one(POLICY, "cache-network").inputs.spec as { ingress: object[]; egress?: object[] };
  const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });
  const port = { protocol: "TCP", port: 6379 };

  it("is the application, and the nodes among themselves", async () => {
    expect(await rules({})).toMatchObject({
      podSelector: { matchLabels: { app: "redis" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [pods("aibase"), pods("redis")], ports: [port] }],
      egress: [{ to: [pods("redis")], ports: [port] }],
    });
  });

  it("is nobody else: a single node goes nowhere", async () => {
    const { ingress, egress } = await rules({ nodes: 1, clients: ["worker"] });
    expect(ingress).toEqual([{ from: [pods("worker")], ports: [port] }]);
    expect(egress).toBeUndefined();
  });

  it("is Prometheus for the figures, where its namespace is named", async () => {
    const { ingress } = await rules({ monitoringNamespace: "monitoring" });
    expect(ingress).toHaveLength(2);
    expect(ingress[1]).toEqual({
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
      ports: [{ protocol: "TCP", port: 9121 }],
    });
  });
});

it("makes everything under itself, and lets the user have the last word", async () => {
  const { recorded, one, redis } = await makeRedis({
    transform: {
      statefulSet: (args) => ({ ...args, metadata: { ...args.metadata, annotations: { mine: "yes" } } }),
      networkPolicy: (args) => ({ ...args, spec: { podSelector: {}, policyTypes: ["Ingress"] } }),
    },
  });
  const top = recorded.filter(({ opts }) => opts.parent === undefined).map(({ name }) => name);
  expect(top).toEqual(["cache"]);
  expect(await resolved(redis.statefulSetName)).toBe("redis");
  expect(one(STATEFUL_SET).inputs.metadata).toMatchObject({ annotations: { mine: "yes" } });
  expect(one(POLICY, "cache-network").inputs.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress"] });
});
