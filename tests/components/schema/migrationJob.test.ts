import { describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { podTrust } from "../../../components/cluster/podIdentity";
import type { MigrationJobArgs } from "../../../components/schema/migrationJob";
import { LARGEST_BUNDLE } from "../../../schema/bundle";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { resolved } from "../../support/mocks";
import { oneCluster } from "../cluster/oneCluster";
import {
  database,
  ELSEWHERE,
  EVERY_DATABASE,
  KEY_ARN,
  makeMigrations,
  ON_RDS,
  passwordsOf,
  SECRET_ARN,
} from "./someMigrations";

interface Pod {
  readonly initContainers?: readonly { image: string; env: { name: string; value?: string }[] }[];
  readonly containers: readonly { image: string; env: { name: string }[] }[];
  readonly volumes: readonly { name: string }[];
}

interface JobSpec {
  readonly template: { readonly spec: Pod };
}

async function jobOf(more: Partial<MigrationJobArgs> = {}) {
  const cloud = await makeMigrations(more);
  const { inputs } = cloud.one("batch/v1:Job");
  const { name, annotations } = inputs.metadata as { name: string; annotations: Record<string, string> };
  const spec = inputs.spec as JobSpec;
  return { ...cloud, name, annotations, spec, pod: spec.template.spec };
}

const nameOf = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }): string =>
  String(Reflect.get(Object(inputs.metadata), "name"));

describe("the Job", () => {
  it("has a name of what it does: the same twice, another one for another password, database, image or server", async () => {
    const first = await jobOf();
    expect(first.name).toMatch(/^database-migration-[0-9a-f]{10}$/);
    expect((await jobOf()).name).toBe(first.name);
    const [circle] = EVERY_DATABASE.filter(({ name }) => name === "circle");
    if (circle === undefined) throw new Error("circle is in the catalogue");
    const others = await Promise.all(
      [
        { databases: [{ ...circle, passwords: { ...circle.passwords, app: "another" } }] },
        { databases: [circle] },
        { nodeImage: "mine/node:22" },
        { awsImage: "mine/aws:1" },
        { server: { ...ON_RDS, host: "other.example.com" } },
        { server: { ...ON_RDS, ca: "-----BEGIN CERTIFICATE-----" } },
      ].map(async (more) => (await jobOf(more)).name),
    );
    expect(new Set([first.name, ...others]).size).toBe(1 + others.length);
  });

  it("stays the same where only something changes that it does not do", async () => {
    const databases = [database("circle", [])].map((each) => ({
      ...each,
      passwords: { owner: { secretName: "postgres-role-circle-owner", key: "password" } },
    }));
    const [one, other] = await Promise.all([
      jobOf({ server: ELSEWHERE, databases }),
      jobOf({
        server: ELSEWHERE,
        databases: databases.map((each) => ({
          ...each,
          passwords: { owner: { secretName: "another-secret", key: "password" } },
        })),
      }),
    ]);
    expect(one.name).toBe(other.name);
  });

  it("is tried again where that may help, is given up in the end, and stays until another one comes", async () => {
    const { spec, annotations, find } = await jobOf();
    expect(spec).toMatchObject({
      backoffLimit: 4,
      activeDeadlineSeconds: 3600,
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          { action: "FailJob", onExitCodes: { containerName: "migrate", operator: "In", values: [2, 4] } },
        ],
      },
    });
    expect(spec).not.toHaveProperty("ttlSecondsAfterFinished");
    expect(annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
    expect(find("schema-job").opts.customTimeouts).toEqual({ create: "70m" });
  });

  it("runs without rights, as the namespace demands, and its last lines become the message of a failure", async () => {
    const { pod } = await jobOf();
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      serviceAccountName: "database-migration",
      securityContext: { runAsNonRoot: true },
    });
    for (const container of [...(pod.initContainers ?? []), ...pod.containers])
      expect(container).toMatchObject({
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        terminationMessagePolicy: "FallbackToLogsOnError",
      });
    expect(pod.containers[0]?.image).toBe("node:22.21.1-alpine");
  });

  it("finds program, plan and migrations in ConfigMaps that nobody can change, within what they hold", async () => {
    const { all } = await jobOf();
    const maps = all("core/v1:ConfigMap");
    expect(maps.map(nameOf)).toEqual([
      expect.stringMatching(/^database-migration-program-[0-9a-f]{10}$/),
      expect.stringMatching(/^database-migration-plan-[0-9a-f]{10}$/),
    ]);
    for (const { inputs } of maps) {
      expect(inputs.immutable).toBe(true);
      const content = JSON.stringify([inputs.data, inputs.binaryData]);
      expect(Buffer.byteLength(content)).toBeLessThan(LARGEST_BUNDLE);
    }
    const files = Object.keys(Object(maps[1]?.inputs.data));
    expect(files).toHaveLength(1 + CATALOGUE_NAMES.flatMap((name) => loadMigrations(name, "postgresql")).length);
  });

  it("tells how its log is read", async () => {
    const { migration, name } = await jobOf();
    expect(await resolved(migration.logCommand)).toBe(`kubectl logs --namespace aibase --all-containers job/${name}`);
  });

  it("lets the user have the last word", async () => {
    const { spec } = await jobOf({
      transform: { job: (args) => ({ ...args, spec: { ...Object(args.spec), suspend: true } }) },
    });
    expect(Reflect.get(spec, "suspend")).toBe(true);
  });
});

describe("the passwords", () => {
  it("stand in one Secret and nowhere else", async () => {
    const { made, one, all } = await jobOf();
    const secrets = passwordsOf(EVERY_DATABASE);
    const text = JSON.stringify(made.filter(({ type }) => !type.endsWith(":Secret")).map(({ inputs }) => inputs));
    for (const secret of secrets) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    const data = one("core/v1:Secret", "credentials").inputs.data as Record<string, string>;
    expect(Object.values(data).map((value) => Buffer.from(value, "base64").toString())).toEqual(
      expect.arrayContaining(secrets),
    );
    expect(Object.keys(data)).toHaveLength(secrets.length);
    expect(JSON.stringify(text)).not.toContain(String(all("AccessKey")[0]?.outputs.secret));
  });

  it("that the cluster holds already are read there, and only the owners'", async () => {
    const owner = { secretName: "postgres-role-circle-owner", key: "password" };
    const { all, pod } = await jobOf({ server: ELSEWHERE, databases: [{ name: "circle", passwords: { owner } }] });
    expect(all("core/v1:Secret")).toEqual([]);
    expect(pod.containers[0]?.env.slice(1)).toEqual([
      { name: "PASSWORD_circle_owner", valueFrom: { secretKeyRef: { name: owner.secretName, key: "password" } } },
    ]);
  });

  it("that are missing are asked for by role and database", async () => {
    await expect(makeMigrations({ databases: [database("4g3n7db", ["owner", "app"])] })).rejects.toThrow(
      "The migration of 4g3n7db needs the password of role 4g3n7db_readonly (readonly).",
    );
  });
});

describe("the master", () => {
  const statements = (policy: unknown) => JSON.parse(String(policy)).Statement;

  it("is read by who may read this one secret and nothing else", async () => {
    const { one, all, pod } = await jobOf();
    expect(statements(one("iam/policy:Policy").inputs.policy)).toEqual([
      { Sid: "ReadMaster", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: SECRET_ARN },
      {
        Sid: "DecryptMaster",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: KEY_ARN,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    ]);
    expect(one("User").inputs.name).toBe("aibase-test-migrations");
    expect(all("Role")).toEqual([]);
    expect(pod.volumes).toContainEqual({ name: "master", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } });
    expect(pod.containers[0]?.env.map(({ name }) => name).join()).not.toContain("AWS_");
    expect(pod.initContainers?.[0]?.env.map(({ name }) => name).join()).not.toContain("PASSWORD");
  });

  it("is read by the pods' own identity on a cluster that is made here, without any key", async () => {
    const trust = podTrust({ clusterName: "c", namespace: "aibase", serviceAccount: "database-migration" });
    const { one, all, spec } = await (async () => {
      const cloud = await makeMigrations({}, () => ({
        server: {
          ...ON_RDS,
          master: { ...ON_RDS.master, identity: { clusterName: oneCluster().clusterName, trust } },
        },
      }));
      return { ...cloud, spec: cloud.one("batch/v1:Job").inputs.spec as JobSpec };
    })();
    expect(one("iam/role:Role", "schema-access-role").inputs.assumeRolePolicy).toBe(trust);
    expect(one("PodIdentityAssociation").inputs).toMatchObject({ serviceAccount: "database-migration" });
    expect(all("AccessKey")).toEqual([]);
    const variables = spec.template.spec.initContainers?.[0]?.env.map(({ name }) => name);
    expect(variables).toEqual(["HOME", "SECRET_ARN", "MASTER_FILE", "AWS_REGION", "AWS_EC2_METADATA_DISABLED"]);
  });

  it("is none where somebody else makes roles: no access, no init container", async () => {
    const { all, pod } = await jobOf({ server: ELSEWHERE, databases: [database("circle", ["owner"])] });
    expect([all("Policy").filter(({ type }) => type.includes("iam")), pod.initContainers]).toEqual([[], undefined]);
  });
});

describe("the way out", () => {
  const egress = async (more: Partial<MigrationJobArgs>) => {
    const { one } = await makeMigrations(more);
    const spec = one("NetworkPolicy").inputs.spec as {
      ingress?: unknown;
      policyTypes: string[];
      podSelector: unknown;
      egress: { to?: unknown; ports: { port: number }[] }[];
    };
    expect([spec.ingress, spec.policyTypes]).toEqual([undefined, ["Ingress", "Egress"]]);
    expect(spec.podSelector).toEqual({ matchLabels: { app: "database-migration" } });
    return spec.egress;
  };

  it("leads to the database and to AWS, and nothing leads in", async () => {
    const ports = (await egress({})).flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(ports.sort()).toEqual([443, 5432, 80]);
  });

  it("leads to the database's pods alone where it stands in the cluster", async () => {
    const databases = [database("circle", ["owner"])];
    expect(await egress({ server: { ...ELSEWHERE, app: "postgres" }, databases })).toEqual([
      {
        to: [{ podSelector: { matchLabels: { app: "postgres" } } }],
        ports: [{ protocol: "TCP", port: 5432 }],
      },
    ]);
  });
});
