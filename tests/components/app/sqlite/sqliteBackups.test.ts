import { describe, expect, it } from "vitest";
import { sqliteStorageGiB, workGiB } from "../../../../components/app/sqlite/backupPod";
import { environmentOf, makeSqliteApp, sqliteArgs } from "./sqliteParts";

const DAILY = "dump-daily-ai-company";
const FILES = "dump-daily-ai-company-files";

describe("the copies of the database", () => {
  it("S0-08: are made daily, weekly and monthly, beside the files' daily one", async () => {
    const { all } = await makeSqliteApp();
    const schedules = all("CronJob").map(({ inputs }) => [
      Reflect.get(Object(inputs.metadata), "name"),
      Object(inputs.spec).schedule,
      Object(inputs.spec).timeZone,
    ]);
    expect(schedules).toEqual([
      [DAILY, "0 1 * * *", "Etc/UTC"],
      ["dump-weekly-ai-company", "30 1 * * 0", "Etc/UTC"],
      ["dump-monthly-ai-company", "0 4 1 * *", "Etc/UTC"],
      [FILES, "0 1 * * *", "Etc/UTC"],
    ]);
  });

  it.each([
    [DAILY, "aibase-database", "/database", undefined],
    [FILES, "aibase-files", "/files", true],
  ] as const)("%s stands on the application's machine and mounts its volume", async (name, claim, path, readOnly) => {
    const { jobPod } = await makeSqliteApp();
    const pod = jobPod(name);
    expect(pod.affinity).toEqual({
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: "aibase" } }, topologyKey: "kubernetes.io/hostname" },
        ],
      },
    });
    expect(pod.volumes).toContainEqual({ name: "source", persistentVolumeClaim: { claimName: claim } });
    const [copy] = pod.initContainers;
    expect(copy?.volumeMounts.find(({ name }) => name === "source")).toEqual({
      name: "source",
      mountPath: path,
      ...(readOnly === undefined ? {} : { readOnly }),
    });
  });

  it("gives the keys to the container that uploads, and the database to the one that copies", async () => {
    const { jobPod } = await makeSqliteApp();
    const { initContainers, containers } = jobPod(DAILY);
    const [copy, upload] = [...initContainers, ...containers];
    if (copy === undefined || upload === undefined) throw new Error("a container is missing");
    expect(environmentOf(copy).get("DATABASE_FILE")?.value).toBe("/database/ai_company.db");
    expect([...environmentOf(copy).keys()].filter((name) => name.startsWith("AWS_"))).toEqual([]);
    expect(upload.volumeMounts.map(({ name }) => name)).not.toContain("source");
    expect(environmentOf(upload).get("AWS_ACCESS_KEY_ID")?.valueFrom?.secretKeyRef.name).toBe("database-store");
    expect(environmentOf(upload).get("AWS_ENDPOINT_URL_S3")?.value).toBe("https://s3.example.com:9443");
    expect(environmentOf(copy).get("PREFIX")?.value).toBe("team/");
  });

  it("are written into folders of the bucket's root where no path is named", async () => {
    const { jobPod } = await makeSqliteApp(() => ({ store: { ...sqliteArgs().store, path: undefined } }));
    const [copy] = jobPod(DAILY).initContainers;
    expect(copy === undefined ? undefined : environmentOf(copy).get("PREFIX")?.value).toBe("");
  });

  it("have a volume of their own, as large as the worst case, that goes with the job", async () => {
    const { one, jobPod } = await makeSqliteApp({ storageClass: "fast" });
    const work = (name: string) => jobPod(name).volumes.find((volume) => volume.name === "work");
    const sized = (storage: string) => ({
      name: "work",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage } },
          },
        },
      },
    });
    expect([work(DAILY), work(FILES)]).toEqual([sized("100Gi"), sized("21Gi")]);
    expect(one("CronJob", DAILY).inputs.spec).toMatchObject({
      concurrencyPolicy: "Forbid",
      jobTemplate: { spec: { ttlSecondsAfterFinished: 7200, backoffLimit: 2 } },
    });
    expect([workGiB({ copied: "database", volumeGiB: 5 }), workGiB({ copied: "files", volumeGiB: 5 })]).toEqual([
      10, 6,
    ]);
    expect(sqliteStorageGiB(50, 20)).toBe(50 + 20 + 21 + 300);
  });

  it("are reached by nobody and reach the bucket alone", async () => {
    const { one } = await makeSqliteApp(() => ({
      store: { ...sqliteArgs().store, endpoint: "http://minio.aibase.svc.cluster.local:9000", app: "minio" },
    }));
    expect(one("NetworkPolicy", "app-backups-network").inputs.spec).toEqual({
      podSelector: { matchLabels: { app: "database-dump" } },
      policyTypes: ["Ingress", "Egress"],
      egress: [{ to: [{ podSelector: { matchLabels: { app: "minio" } } }], ports: [{ protocol: "TCP", port: 9000 }] }],
    });
  });
});
