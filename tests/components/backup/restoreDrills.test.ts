import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { RestoreDrills, type RestoreDrillsArgs } from "../../../components/backup/restoreDrills";
import type { MadeBucket, S3Store } from "../../../components/backup/store";
import { podTrust } from "../../../components/cluster/podIdentity";
import { RESTRICTED_NAMESPACE } from "../../../components/kubernetes/pod";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { recording } from "../../support/recording";
import { oneCluster } from "../cluster/oneCluster";

const CRON_JOB = "batch/v1:CronJob";
const ARN = "arn:aws:s3:::dumps";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/dumps";
const IN_AWS: MadeBucket = { kind: "aws", bucket: "dumps", arn: ARN, keyArn: KEY, region: "us-east-1" };
const IN_MINIO: S3Store = {
  kind: "s3",
  bucket: pulumi.output("dumps"),
  region: "us-east-1",
  endpoint: "http://minio:9000",
  credentials: { accessKey: pulumi.secret("reader"), secretKey: pulumi.secret("secret-of-reader") },
};

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env: { name: string; value?: string; valueFrom?: object }[];
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
  readonly volumeMounts: object[];
}

interface PodSpec {
  readonly initContainers: Container[];
  readonly containers: Container[];
  readonly volumes: object[];
}

async function makeDrills(more: Partial<RestoreDrillsArgs> = {}, first: () => Partial<RestoreDrillsArgs> = () => ({})) {
  const cloud = rehearsedMocks();
  const made = first();
  const records = recording();
  const namespace = new kubernetes.core.v1.Namespace("namespace", {
    metadata: { name: "aibase", labels: { ...RESTRICTED_NAMESPACE } },
  });
  new RestoreDrills(
    "drills",
    {
      namespace: namespace.metadata.name,
      catalogue: ["circle", "4g3n7db"],
      postgresVersion: 16,
      store: IN_AWS,
      ...more,
      ...made,
    },
    records.opts,
  );
  await records.made();
  const job = (name: string) => {
    const spec = cloud.one(CRON_JOB, name).inputs.spec as {
      schedule: string;
      jobTemplate: { spec: { template: { spec: PodSpec } } };
    };
    const pod = spec.jobTemplate.spec.template.spec;
    const [fetch, drill] = [pod.initContainers[0], pod.containers[0]];
    if (fetch === undefined || drill === undefined) throw new Error("a drill has two containers");
    return { spec, pod, fetch, drill };
  };
  return { job, ...records, ...cloud };
}

describe("the drills", () => {
  it("restore every kind of dump of every database, the daily one each week", async () => {
    const { all, job } = await makeDrills();
    expect(all(CRON_JOB).map(({ inputs }) => Reflect.get(Object(inputs.metadata), "name"))).toEqual([
      "drill-daily-circle",
      "drill-weekly-circle",
      "drill-monthly-circle",
      "drill-daily-4g3n7db",
      "drill-weekly-4g3n7db",
      "drill-monthly-4g3n7db",
    ]);
    expect(job("drill-daily-circle").spec).toMatchObject({ schedule: "0 10 * * 1", timeZone: "Etc/UTC" });
  });

  it("fetch first, and then restore into a server of the version that was dumped", async () => {
    const { fetch, drill } = (await makeDrills({ postgresVersion: 15 })).job("drill-weekly-circle");
    expect([fetch.command, drill.command]).toEqual([
      ["bash", "/scripts/fetch.sh"],
      ["bash", "/scripts/drill.sh"],
    ]);
    expect(drill.image).toBe("postgres:15-alpine");
    expect(drill.env).toContainEqual({ name: "MAX_AGE_HOURS", value: "170" });
    expect(drill.env.map(({ name }) => name).join()).not.toMatch(/AWS|BUCKET|PG/);
  });

  it("use the images of the user", async () => {
    const { fetch, drill } = (await makeDrills({ serverImage: "mine/pg:1", fetcherImage: "mine/aws:1" })).job(
      "drill-daily-circle",
    );
    expect([fetch.image, drill.image]).toEqual(["mine/aws:1", "mine/pg:1"]);
  });

  it("run as a user whom the image does not know, by a list of users of their own", async () => {
    const { job, one } = await makeDrills();
    const { drill, pod } = job("drill-daily-circle");
    const { runAsUser } = Reflect.get(pod, "securityContext");
    expect(drill.volumeMounts).toContainEqual({
      name: "scripts",
      mountPath: "/etc/passwd",
      subPath: "users",
      readOnly: true,
    });
    expect(Reflect.get(Object(one("ConfigMap").inputs.data), "users")).toContain(`drill:x:${runAsUser}:${runAsUser}:`);
  });

  it("unpack on the machine's disk, which is asked for, or on a volume of their own", async () => {
    const onDisk = (await makeDrills({ scratch: { gib: 30 } })).job("drill-daily-circle");
    expect(onDisk.pod.volumes).toContainEqual({ name: "work", emptyDir: { sizeLimit: "30Gi" } });
    expect(onDisk.drill.resources.requests["ephemeral-storage"]).toBe("31Gi");
    const onVolume = (await makeDrills({ scratch: { gib: 300, storageClass: "gp3" } })).job("drill-daily-circle");
    expect(onVolume.pod.volumes).toContainEqual({
      name: "work",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "gp3",
            resources: { requests: { storage: "300Gi" } },
          },
        },
      },
    });
    expect(onVolume.drill.resources.requests["ephemeral-storage"]).toBe("1Gi");
  });
});

describe("who reads dumps", () => {
  it("may list and get them, and cannot write or delete", async () => {
    const { one } = await makeDrills();
    expect(JSON.parse(String(one("iam/policy:Policy").inputs.policy)).Statement).toEqual([
      {
        Sid: "GetDumps",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: [`${ARN}/daily/*`, `${ARN}/weekly/*`, `${ARN}/monthly/*`],
      },
      { Sid: "ListDumps", Effect: "Allow", Action: "s3:ListBucket", Resource: ARN },
      { Sid: "DecryptDumps", Effect: "Allow", Action: "kms:Decrypt", Resource: KEY },
    ]);
    expect(one("User").inputs.name).toBe("aibase-test-drills");
  });

  it("is the pods' own identity on a cluster that is made here, without any key", async () => {
    const trust = podTrust({ clusterName: "c", namespace: "aibase", serviceAccount: "restore-drill" });
    const { one, all, job } = await makeDrills({}, () => ({
      store: { ...IN_AWS, identity: { clusterName: oneCluster().clusterName, trust } },
    }));
    expect(one("iam/role:Role", "drills-access-role").inputs).toMatchObject({
      name: "aibase-test-drills",
      assumeRolePolicy: trust,
    });
    expect(one("PodIdentityAssociation").inputs).toMatchObject({ serviceAccount: "restore-drill" });
    expect([...all("AccessKey"), ...all("core/v1:Secret")]).toEqual([]);
    expect(job("drill-daily-circle").fetch.env.map(({ name }) => name)).not.toContain("AWS_ACCESS_KEY_ID");
  });

  it("is told for a bucket that is there, and reaches nothing else", async () => {
    const { one, made } = await makeDrills({ store: IN_MINIO, storeApp: "minio" });
    expect(made.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
    expect(Reflect.get(Object(one("NetworkPolicy").inputs.spec), "egress")).toEqual([
      { to: [{ podSelector: { matchLabels: { app: "minio" } } }], ports: [{ protocol: "TCP", port: 9000 }] },
    ]);
    const text = JSON.stringify(made.filter(({ type }) => !type.endsWith("Secret")).map(({ inputs }) => inputs));
    expect(text).not.toContain("secret-of-reader");
  });
});
