import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { resolved } from "../../../support/mocks";
import { CLAIM, environmentOf, makeSqliteApp, STATEFUL_SET, sqliteArgs } from "./sqliteParts";

describe("the application at tier small-team", () => {
  it("S1-88: has SQLite, local files and Redis in its contract", async () => {
    const { app, container } = await makeSqliteApp();
    expect(await pulumi.isSecret(app.contract)).toBe(true);
    const contract = await resolved(app.contract);
    expect(contract).toEqual({
      DB_TYPE: "sqlite",
      DB_SQLITE_PATH: "/database/ai_company.db",
      DB_SQLITE_BUSY_TIMEOUT_MS: "5000",
      FILE_STORAGE_TYPE: "local",
      FILE_STORAGE_LOCAL_PATH: "/files",
      CACHE_TYPE: "redis",
      CACHE_REDIS_HOST: "redis-service",
      CACHE_REDIS_PORT: "6379",
      CACHE_REDIS_USERNAME: "app",
      CACHE_REDIS_PASSWORD: "cache-password",
      PORT: "5040",
    });
    const variables = environmentOf(container("aibase"));
    expect([...variables.keys()].sort()).toEqual(Object.keys(contract).sort());
    for (const [name, { value, valueFrom }] of variables)
      if (valueFrom === undefined) expect(value).toBe(contract[name]);
      else expect(valueFrom.secretKeyRef.name).toBe("cache-credentials");
  });

  it("is one pod, and the old one is gone before the new one opens the file", async () => {
    const { one, app } = await makeSqliteApp();
    expect(one(STATEFUL_SET).inputs).toMatchObject({
      metadata: { name: "aibase" },
      spec: { replicas: 1, updateStrategy: { type: "RollingUpdate" }, selector: { matchLabels: { app: "aibase" } } },
    });
    expect(await resolved(app.statefulSetName)).toBe("aibase");
  });

  it("is reached through aibase-service, as at the tiers above", async () => {
    const { one, app } = await makeSqliteApp({ exposure: "cluster" });
    expect(one("core/v1:Service", "app-service").inputs).toMatchObject({
      metadata: { name: "aibase-service" },
      spec: { type: "ClusterIP", selector: { app: "aibase" }, ports: [{ port: 80, targetPort: "http" }] },
    });
    expect(await resolved(app.serviceName)).toBe("aibase-service");
    expect(one("core/v1:Service", "redis-service").inputs.spec).toMatchObject({
      type: "ExternalName",
      externalName: "redis.aibase.svc.cluster.local",
    });
  });

  it("S0-03: keeps the database in /database and the files in /files, on protected volumes of their own", async () => {
    const { all, find, pod, container } = await makeSqliteApp({ storageClass: "fast" });
    const sizes = all(CLAIM).map(({ inputs }) => [
      Reflect.get(Object(inputs.metadata), "name"),
      Object(inputs.spec).resources.requests.storage,
    ]);
    expect(sizes).toEqual([
      ["aibase-database", "50Gi"],
      ["aibase-files", "20Gi"],
    ]);
    for (const { inputs } of all(CLAIM))
      expect(inputs.spec).toMatchObject({ accessModes: ["ReadWriteOnce"], storageClassName: "fast" });
    for (const name of ["app-database", "app-files"]) expect(find(name).opts.protect).toBe(true);
    expect(pod.volumes).toEqual(
      expect.arrayContaining([
        { name: "database", persistentVolumeClaim: { claimName: "aibase-database" } },
        { name: "files", persistentVolumeClaim: { claimName: "aibase-files" } },
      ]),
    );
    expect(container("aibase").volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "database", mountPath: "/database" },
      { name: "files", mountPath: "/files" },
    ]);
  });

  it("protects nothing where the stack is to be retired", async () => {
    const { find } = await makeSqliteApp({ deletionProtection: false });
    expect(find("app-database").opts.protect).toBe(false);
  });

  it("restores, replicates and brings the schema up before the application starts", async () => {
    const { pod } = await makeSqliteApp();
    expect(pod.initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
      ["restore", undefined],
      ["litestream", "Always"],
      ["migrate", undefined],
    ]);
    expect(pod.containers.map(({ name }) => name)).toEqual(["aibase"]);
    expect(pod.terminationGracePeriodSeconds).toBe(120);
  });

  it("runs every container without rights, of an exact version, within bounds", async () => {
    const { pod, jobPod } = await makeSqliteApp();
    const pods = [pod, ...["dump-daily-ai-company", "dump-daily-ai-company-files"].map(jobPod)];
    for (const each of pods) {
      expect(each).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          fsGroup: 10001,
          fsGroupChangePolicy: "OnRootMismatch",
          seccompProfile: { type: "RuntimeDefault" },
        },
      });
      for (const { image, securityContext, resources } of [...each.initContainers, ...each.containers]) {
        expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        for (const what of ["cpu", "memory", "ephemeral-storage"])
          expect([resources.requests[what], resources.limits[what]]).not.toContain(undefined);
      }
    }
  });

  it("takes other images where they are named", async () => {
    const { container, jobPod } = await makeSqliteApp({
      images: { litestream: "mirror/litestream:1.0.0", sqlite: "mirror/sqlite:4.0.0", uploader: "mirror/aws:3.0.0" },
    });
    const copy = jobPod("dump-daily-ai-company");
    const images = [container("restore"), container("litestream"), container("migrate"), ...copy.initContainers];
    expect([...images, ...copy.containers].map(({ image }) => image)).toEqual([
      "mirror/litestream:1.0.0",
      "mirror/litestream:1.0.0",
      "mirror/sqlite:4.0.0",
      "mirror/sqlite:4.0.0",
      "mirror/aws:3.0.0",
    ]);
  });
});

describe("Litestream's part", () => {
  it("replicates to the bucket that it is told, and says no key", async () => {
    const { configMap, container } = await makeSqliteApp();
    const { "litestream.yml": config = "", "restore.sh": script } = configMap("app-litestream");
    expect(parse(config)).toEqual({
      addr: ":9090",
      snapshot: { interval: "24h", retention: "168h" },
      dbs: [
        {
          path: "/database/ai_company.db",
          "busy-timeout": "5s",
          replica: {
            type: "s3",
            bucket: "team-backups",
            path: "team/litestream/ai_company",
            region: "eu-central-1",
            endpoint: "https://s3.example.com:9443",
            "force-path-style": true,
            "sync-interval": "1s",
          },
        },
      ],
    });
    expect(script).toContain("-if-replica-exists -integrity-check full");
    for (const name of ["restore", "litestream"])
      expect(environmentOf(container(name)).get("AWS_SECRET_ACCESS_KEY")?.valueFrom).toEqual({
        secretKeyRef: { name: "database-store", key: "secret-key" },
      });
    for (const name of ["migrate", "aibase"])
      expect([...environmentOf(container(name)).keys()].filter((key) => key.startsWith("AWS_"))).toEqual([]);
  });

  it("needs no keys where the pods have an identity, and no address at AWS", async () => {
    const { configMap, container, all } = await makeSqliteApp(() => ({
      store: { kind: "s3", bucket: pulumi.output("team-backups"), region: "us-east-1" },
    }));
    expect(parse(configMap("app-litestream")["litestream.yml"] ?? "").dbs[0].replica).toEqual({
      type: "s3",
      bucket: "team-backups",
      path: "litestream/ai_company",
      region: "us-east-1",
      "sync-interval": "1s",
    });
    expect(container("litestream").env).toEqual([]);
    expect(all("core/v1:Secret").map(({ name }) => name)).toEqual(["app-cache-credentials"]);
  });

  it("gets memory by the size of the database", async () => {
    const limits = async (volumeGiB: number) => {
      const database = { ...sqliteArgs().database, volumeGiB };
      return (await makeSqliteApp({ database })).container("litestream").resources.limits.memory;
    };
    expect([await limits(1), await limits(100)]).toEqual(["280Mi", "2656Mi"]);
  });

  it("is asked by Prometheus at the port `metrics`", async () => {
    const { container } = await makeSqliteApp();
    expect(container("litestream")).toMatchObject({
      ports: [{ name: "metrics", containerPort: 9090 }],
      startupProbe: { httpGet: { path: "/metrics", port: "metrics" } },
    });
  });
});

describe("what a change does", () => {
  const annotations = async (more: Parameters<typeof makeSqliteApp>[0]) =>
    (await makeSqliteApp(more)).spec.template.metadata.annotations;

  it("makes the pod anew when a secret or a file of it changes, and only then", async () => {
    const [first, same] = [await annotations({}), await annotations({ users: 500 })];
    expect(same).toEqual(first);
    const key = await annotations(() => ({
      store: {
        ...sqliteArgs().store,
        credentials: { accessKey: pulumi.secret("the-access-key"), secretKey: pulumi.secret("new") },
      },
    }));
    expect(key["scaling-ladder/secrets"]).not.toBe(first["scaling-ladder/secrets"]);
    expect(key["scaling-ladder/files"]).toBe(first["scaling-ladder/files"]);
    const place = await annotations(() => ({ store: { ...sqliteArgs().store, path: "other" } }));
    expect(place["scaling-ladder/files"]).not.toBe(first["scaling-ladder/files"]);
  });

  it("shows no secret anywhere but in Secrets", async () => {
    const { made, all } = await makeSqliteApp();
    const secrets = ["cache-password", "the-access-key", "the-secret-key"];
    const text = JSON.stringify(made.filter(({ type }) => !type.endsWith("v1:Secret")).map(({ inputs }) => inputs));
    for (const secret of secrets) expect(text).not.toContain(secret);
    const data = all("v1:Secret").flatMap(({ inputs }) => Object.values(inputs.data as Record<string, string>));
    for (const secret of secrets) expect(data).toContain(Buffer.from(secret).toString("base64"));
  });

  it("lets the user have the last word", async () => {
    const mine = { annotations: { mine: "yes" } };
    const { one, all } = await makeSqliteApp({
      transform: {
        statefulSet: (args) => ({ ...args, metadata: { ...args.metadata, ...mine } }),
        service: (args) => ({ ...args, metadata: { ...args.metadata, ...mine } }),
        networkPolicy: (args) => ({ ...args, metadata: { ...args.metadata, ...mine } }),
        volumeClaim: (args) => ({ ...args, metadata: { ...args.metadata, ...mine } }),
        cronJob: (args) => ({ ...args, metadata: { ...args.metadata, ...mine } }),
      },
    });
    const changed = [one(STATEFUL_SET), one("Service", "app-service"), one("NetworkPolicy", "app-network")];
    for (const { inputs } of [...changed, ...all(CLAIM), ...all("CronJob")])
      expect(inputs.metadata).toMatchObject(mine);
  });

  it("makes everything under itself, and the pod after its Secrets", async () => {
    const { recorded, find, app } = await makeSqliteApp();
    const backups = recorded.filter(({ name }) => name.startsWith("app-backups-"));
    const children = recorded.filter(({ name }) => name !== "app" && !backups.some((each) => each.name === name));
    for (const { opts } of children) expect(opts.parent).toBe(app);
    expect(find("app-statefulset").opts.dependsOn).toHaveLength(2);
  });

  it("lets nothing in but its port, and nothing out but HTTPS, the cache's pods and the bucket", async () => {
    const { one } = await makeSqliteApp();
    const spec = one("NetworkPolicy", "app-network").inputs.spec as { ingress: object[]; egress: object[] };
    expect(spec.ingress).toEqual([{ ports: [{ protocol: "TCP", port: "http" }] }]);
    expect(spec.egress).toContainEqual({
      to: [{ podSelector: { matchLabels: { app: "redis" } } }],
      ports: [{ protocol: "TCP", port: 6379 }],
    });
    expect(JSON.stringify(spec.egress)).toContain("9443");
  });
});
