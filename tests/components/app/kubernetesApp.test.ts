import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../settings/errors";
import { resolved } from "../../support/mocks";
import { appArgs, DEPLOYMENT, makeApp, SECRET } from "./kubernetesParts";

describe("the Deployment", () => {
  it("S1-48: is apps/v1, named aibase, with three replicas", async () => {
    const { one, spec, app } = await makeApp();
    expect(one(DEPLOYMENT).inputs).toMatchObject({ apiVersion: "apps/v1", metadata: { name: "aibase" } });
    expect(spec.replicas).toBe(3);
    expect(await resolved(app.deploymentName)).toBe("aibase");
    expect(await resolved(app.namespace)).toBe("aibase");
  });

  it("S1-49: has a container aibase with the image of the settings", async () => {
    const { container } = await makeApp({ image: "aibase:latest", digestRequired: false });
    expect(container).toMatchObject({ name: "aibase", image: "aibase:latest" });
  });

  it("takes an image by digest only where that is asked for", async () => {
    await expect(makeApp({ image: "aibase:latest" })).rejects.toThrow(UserError);
    await expect(makeApp({ image: "aibase:latest" })).rejects.toThrow(/app\.image is aibase:latest/);
  });

  it("S1-50: listens on 5040 and is probed there, or on the port of the settings", async () => {
    for (const port of [5040, 8080]) {
      const { container, env } = await makeApp({ port });
      expect(container).toMatchObject({
        ports: [{ name: "http", containerPort: port }],
        startupProbe: { tcpSocket: { port: "http" } },
        readinessProbe: { tcpSocket: { port: "http" } },
        livenessProbe: { tcpSocket: { port: "http" } },
      });
      expect(env.get("PORT")?.value).toBe(String(port));
    }
  });

  it("S1-58: selects its pods by app: aibase, and they carry that label", async () => {
    const { spec } = await makeApp();
    expect(spec.selector.matchLabels).toEqual({ app: "aibase" });
    expect(spec.template.metadata.labels).toMatchObject({ app: "aibase", "app.kubernetes.io/name": "aibase" });
  });

  it("starts a new pod before it ends an old one, and lets connections run out", async () => {
    const { spec, container } = await makeApp();
    expect(spec.strategy).toMatchObject({ rollingUpdate: { maxUnavailable: 0 } });
    expect(container.lifecycle).toEqual({ preStop: { sleep: { seconds: 15 } } });
    expect(spec.template.spec.terminationGracePeriodSeconds).toBe(60);
  });

  it("spreads its pods over zones and machines", async () => {
    const { pod } = await makeApp();
    expect(pod.topologySpreadConstraints).toMatchObject([
      { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, labelSelector: { matchLabels: { app: "aibase" } } },
      { topologyKey: "kubernetes.io/hostname", maxSkew: 1 },
    ]);
  });

  it("runs without rights: no root, no token, nothing to write on but /tmp", async () => {
    const { pod, container, one } = await makeApp();
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      serviceAccountName: "aibase",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    });
    expect(one("ServiceAccount").inputs).toMatchObject({ automountServiceAccountToken: false });
    expect(one("core/v1:Namespace").inputs).toMatchObject({
      metadata: { name: "aibase", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });

  it.each([
    ["development", "250m", "512Mi"],
    ["production", "500m", "1024Mi"],
    ["high-load", "1000m", "2048Mi"],
  ] as const)("asks for what its size says: %s", async (size, cpu, memory) => {
    const { container } = await makeApp({ size });
    expect(container.resources).toMatchObject({ requests: { cpu, memory }, limits: { memory } });
  });

  it("makes its pods anew when a secret changes, and only then", async () => {
    const checksum = async (password: string) =>
      (await makeApp({ database: { ...appArgs().database, password: pulumi.secret(password) } })).spec.template.metadata
        .annotations["scaling-ladder/secrets"];
    const [one, same, other] = [await checksum("a"), await checksum("a"), await checksum("b")];
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect([one === same, one === other]).toEqual([true, false]);
  });
});

describe("the environment of the container", () => {
  it("S1-51: names the database in plain text", async () => {
    const { env } = await makeApp();
    expect(env.get("DB_TYPE")?.value).toBe("postgresql");
    expect(env.get("DB_PG_HOST")?.value).toBe("postgres-service");
    expect(env.get("DB_PG_DATABASE")?.value).toBe("aibase");
  });

  it("S1-52: takes user and password from Secret db-credentials", async () => {
    const { env } = await makeApp();
    const from = (key: string) => ({ secretKeyRef: { name: "db-credentials", key } });
    expect(env.get("DB_PG_USERNAME")?.valueFrom).toEqual(from("username"));
    expect(env.get("DB_PG_PASSWORD")?.valueFrom).toEqual(from("password"));
    expect(env.get("DATABASE_URL")?.valueFrom).toEqual(from("url"));
  });

  it("S1-53: names the file storage in plain text", async () => {
    const { env } = await makeApp();
    expect(env.get("FILE_STORAGE_TYPE")?.value).toBe("s3");
    expect(env.get("FILE_STORAGE_S3_BUCKET")?.value).toBe("aibase-files");
    expect(env.get("FILE_STORAGE_S3_REGION")?.value).toBe("us-east-1");
  });

  it("S1-54: takes the access key from Secret s3-credentials", async () => {
    const { env } = await makeApp();
    expect(env.get("FILE_STORAGE_S3_ACCESS_KEY")?.valueFrom).toEqual({
      secretKeyRef: { name: "s3-credentials", key: "access-key" },
    });
  });

  it("S1-55: takes the secret key from Secret s3-credentials too", async () => {
    const { env } = await makeApp();
    expect(env.get("FILE_STORAGE_S3_SECRET_KEY")?.valueFrom).toEqual({
      secretKeyRef: { name: "s3-credentials", key: "secret-key" },
    });
  });

  it("S1-56: names the cache in plain text", async () => {
    const { env } = await makeApp();
    expect(env.get("CACHE_TYPE")?.value).toBe("redis");
    expect(env.get("CACHE_REDIS_HOST")?.value).toBe("redis-service");
  });

  it("calls a server by its own name where the client holds that against its certificate", async () => {
    const { database, cache } = appArgs();
    const { env } = await makeApp({
      database: { ...database, sslmode: "verify-full" },
      cache: { ...cache, tls: true },
    });
    expect(env.get("DB_PG_HOST")?.value).toBe("db.example.com");
    expect(env.get("CACHE_REDIS_HOST")?.value).toBe("cache.example.com");
  });

  it("holds no secret, and its Secrets hold all of them", async () => {
    const { made, all } = await makeApp();
    const secrets = ["database-password", "the-access-key", "the-secret-key", "cache-password"];
    const text = JSON.stringify(made.filter(({ type }) => !type.endsWith(SECRET)).map(({ inputs }) => inputs));
    for (const secret of secrets) expect(text).not.toContain(secret);
    const data = all(SECRET).flatMap(({ inputs }) => Object.values(inputs.data as Record<string, string>));
    const plain = data.map((value) => Buffer.from(value, "base64").toString());
    for (const secret of secrets) expect(plain).toContain(secret);
  });

  it("needs no keys where the pods have an identity", async () => {
    const { files } = appArgs();
    const { bucket, region } = files;
    const { env, all } = await makeApp({ files: { kind: "s3", bucket, region } });
    expect(env.has("FILE_STORAGE_S3_ACCESS_KEY")).toBe(false);
    expect(all(SECRET).map(({ inputs }) => Reflect.get(Object(inputs.metadata), "name"))).not.toContain(
      "s3-credentials",
    );
  });

  it("is the contract, which stays a secret", async () => {
    const { app, env } = await makeApp();
    expect(await pulumi.isSecret(app.contract)).toBe(true);
    const contract = await resolved(app.contract);
    expect(Object.keys(contract).sort()).toEqual([...env.keys()].sort());
    expect(contract.DATABASE_URL).toBe(
      "postgresql://aibase:database-password@postgres-service:5432/aibase?sslmode=require",
    );
  });
});
