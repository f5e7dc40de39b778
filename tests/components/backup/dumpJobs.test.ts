import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { podTrust } from "../../../components/cluster/podIdentity";
import { resolved } from "../../support/mocks";
import { oneCluster } from "../cluster/oneCluster";
import { BUCKET, CRON_JOB, IN_AWS, makeDumps, secretOf } from "./someDumps";

describe("the jobs", () => {
  it("S4-50: all run unattended, three for each database", async () => {
    const { all } = await makeDumps();
    expect(all(CRON_JOB).map(({ inputs }) => Reflect.get(Object(inputs.metadata), "name"))).toEqual([
      "dump-daily-circle",
      "dump-weekly-circle",
      "dump-monthly-circle",
      "dump-daily-ai-company",
      "dump-weekly-ai-company",
      "dump-monthly-ai-company",
    ]);
  });

  it.each([
    ["daily", "0 1 * * *"],
    ["weekly", "30 1 * * 0"],
    ["monthly", "0 4 1 * *"],
  ])("begin at the decided time, UTC, and never twice at once: %s", async (kind, schedule) => {
    const { job } = await makeDumps();
    expect(job(`dump-${kind}-circle`).spec).toMatchObject({
      schedule,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 5,
      jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 72_000 } },
    });
  });

  it.each([15, 16] as const)("use a client of the server's version: %i", async (postgresVersion) => {
    const { job } = await makeDumps({ postgresVersion });
    expect(job("dump-daily-circle").container("dump").image).toBe(`postgres:${postgresVersion}-alpine`);
  });

  it("use the images of the user", async () => {
    const { job } = await makeDumps({ clientImage: "mine/client:1", uploaderImage: "mine/aws:1" });
    const { container } = job("dump-daily-circle");
    expect([container("dump").image, container("upload").image]).toEqual(["mine/client:1", "mine/aws:1"]);
  });

  it("run without rights, as the namespace demands", async () => {
    const { job } = await makeDumps();
    const { pod } = job("dump-weekly-ai-company");
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      serviceAccountName: "database-dump",
      securityContext: { runAsNonRoot: true },
    });
    for (const container of pod.containers)
      expect(container).toMatchObject({
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      });
  });

  it("keep the database and the bucket in different hands", async () => {
    const { job } = await makeDumps();
    const { container } = job("dump-daily-circle");
    const [dump, upload] = [container("dump"), container("upload")];
    expect(secretOf(dump, "PGPASSWORD")).toEqual({ name: "dump-credentials", key: "password" });
    expect(secretOf(upload, "AWS_SECRET_ACCESS_KEY")).toEqual({ name: "dump-keys", key: "secret-key" });
    expect(dump.env.map(({ name }) => name).join()).not.toContain("AWS_");
    expect(upload.env.map(({ name }) => name).join()).not.toContain("PG");
    expect(dump.env).toContainEqual({ name: "PGSSLMODE", value: "require" });
    expect(dump.env).toContainEqual({ name: "PGHOST", value: "db.example.com" });
  });

  it("come in as the owner of each database where no role reads all of them", async () => {
    const { job, one } = await makeDumps({
      owners: (database) => ({ username: `${database}_owner`, password: pulumi.secret(`password-of-${database}`) }),
    });
    const secretNameOf = (name: string) => secretOf(job(name).container("dump"), "PGUSER")?.name;
    expect(secretNameOf("dump-daily-circle")).toBe("dump-credentials-circle");
    expect(secretNameOf("dump-monthly-circle")).toBe("dump-credentials-circle");
    expect(secretNameOf("dump-daily-ai-company")).toBe("dump-credentials-ai-company");
    const { data } = one("kubernetes:core/v1:Secret", "dumps-credentials-ai-company").inputs as {
      data: Record<string, string>;
    };
    const plain = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)]));
    expect(plain).toEqual({ username: "ai_company_owner", password: "password-of-ai_company" });
  });

  it("hold no secret in plain text", async () => {
    const { made, all } = await makeDumps();
    const secret = all("AccessKey")[0]?.outputs.secret;
    const text = JSON.stringify(
      made.filter(({ type }) => !/Secret$|AccessKey$/.test(type)).map(({ inputs }) => inputs),
    );
    expect(typeof secret).toBe("string");
    for (const value of ["database-password", String(secret)]) expect(text).not.toContain(value);
  });

  it("let the user have the last word", async () => {
    const { job } = await makeDumps({
      transform: { cronJob: (args) => ({ ...args, spec: { ...Object(args.spec), suspend: true } }) },
    });
    expect(job("dump-daily-circle").spec.suspend).toBe(true);
  });
});

describe("who writes dumps", () => {
  const statements = (policy: unknown) => JSON.parse(String(policy)).Statement;

  it("may put objects and one metric, and nothing else", async () => {
    const { one, dumps } = await makeDumps();
    const arn = `arn:aws:s3:::${BUCKET}`;
    expect(await resolved(dumps.bucket)).toBe(BUCKET);
    expect(statements(one("iam/policy:Policy").inputs.policy)).toEqual([
      {
        Sid: "PutDumps",
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: [`${arn}/daily/*`, `${arn}/weekly/*`, `${arn}/monthly/*`],
      },
      {
        Sid: "EncryptDumps",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: one("kms/key:Key").outputs.arn,
      },
      {
        Sid: "PutTheMetric",
        Effect: "Allow",
        Action: "cloudwatch:PutMetricData",
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": "ScalingLadder/Backup" } },
      },
    ]);
  });

  it("is an IAM user with a key on a cluster that is only pointed at", async () => {
    const { one, all } = await makeDumps();
    expect(one("User").inputs.name).toBe("aibase-test-dumps");
    expect(one("UserPolicyAttachment").inputs.user).toBe("aibase-test-dumps");
    expect([all("Role"), all("PodIdentityAssociation")]).toEqual([[], []]);
  });

  it("is the pods' own identity on a cluster that is made here, without any key", async () => {
    const trust = podTrust({ clusterName: "c", namespace: "aibase", serviceAccount: "database-dump" });
    const { one, all, job } = await makeDumps({}, () => ({
      store: { ...IN_AWS, identity: { clusterName: oneCluster().clusterName, trust } },
    }));
    expect(one("iam/role:Role", "dumps-access-role").inputs.assumeRolePolicy).toBe(trust);
    expect(one("PodIdentityAssociation").inputs).toMatchObject({ serviceAccount: "database-dump" });
    expect(all("AccessKey")).toEqual([]);
    const names = job("dump-daily-circle")
      .container("upload")
      .env.map(({ name }) => name);
    expect(names).not.toContain("AWS_ACCESS_KEY_ID");
  });
});

describe("the bucket", () => {
  it.each([
    ["governance", "GOVERNANCE"],
    ["compliance", "COMPLIANCE"],
  ] as const)("locks each dump as long as the shortest retention: %s", async (lock, mode) => {
    const { one } = await makeDumps({
      store: { ...IN_AWS, lock, retention: { dailyDays: 40, weeklyWeeks: 4, monthlyMonths: 12 } },
    });
    expect(one("s3/bucket:Bucket").inputs).toMatchObject({ bucket: BUCKET, objectLockEnabled: true });
    expect(one("BucketObjectLockConfiguration").inputs.rule).toEqual({ defaultRetention: { mode, days: 28 } });
  });

  it("forgets dumps after 35 days, 12 weeks and 12 months", async () => {
    const { one } = await makeDumps();
    const rules = one("BucketLifecycleConfiguration").inputs.rules as { id: string; expiration: { days?: number } }[];
    expect(Object.fromEntries(rules.map(({ id, expiration }) => [id, expiration.days]))).toEqual({
      daily: 35,
      weekly: 84,
      monthly: 372,
      leftovers: undefined,
    });
  });

  it("keeps versions, is private and encrypted, and speaks TLS only", async () => {
    const { one } = await makeDumps();
    expect(one("BucketVersioning").inputs).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
    expect(one("BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    });
    expect(one("BucketOwnershipControls").inputs).toMatchObject({ rule: { objectOwnership: "BucketOwnerEnforced" } });
    expect(one("BucketServerSideEncryptionConfiguration").inputs.rules).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: one("kms/key:Key").outputs.arn },
        bucketKeyEnabled: true,
      },
    ]);
    expect(JSON.parse(String(one("BucketPolicy").inputs.policy)).Statement[0]).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it.each([true, false])("is protected as it is told: %s", async (deletionProtection) => {
    const { find } = await makeDumps({ store: { ...IN_AWS, deletionProtection } });
    expect(find("dumps-bucket-bucket").opts.protect).toBe(deletionProtection);
  });
});

describe("the way out of a dump", () => {
  it("leads to the database and to AWS, and nothing leads in", async () => {
    const { one } = await makeDumps();
    const spec = one("NetworkPolicy").inputs.spec as { egress: { ports: { port: number }[] }[]; ingress?: unknown };
    expect(spec).toMatchObject({ policyTypes: ["Ingress", "Egress"] });
    expect(spec.ingress).toBeUndefined();
    expect(spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port)).sort()).toEqual([443, 5432, 80]);
  });
});

describe("the scripts", () => {
  it("are one ConfigMap that every pod mounts and none can write to", async () => {
    const { all, job } = await makeDumps();
    expect(all("ConfigMap")).toHaveLength(1);
    const { pod, container } = job("dump-monthly-ai-company");
    expect(pod.volumes).toContainEqual({ name: "scripts", configMap: { name: "dump-scripts" } });
    expect(container("dump").command).toEqual(["bash", "/scripts/dump.sh"]);
    for (const each of pod.containers)
      expect(Reflect.get(each, "volumeMounts")).toContainEqual({
        name: "scripts",
        mountPath: "/scripts",
        readOnly: true,
      });
  });
});
