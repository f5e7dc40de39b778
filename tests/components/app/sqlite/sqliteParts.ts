import * as pulumi from "@pulumi/pulumi";
import { SqliteApp, type SqliteAppArgs } from "../../../../components/app/sqlite/sqliteApp";
import { Namespace } from "../../../../components/kubernetes/namespace";
import { rehearsedMocks } from "../../../../rehearsal/mocks";
import { recording } from "../../../support/recording";

/** Arguments of an application at tier small-team. Made after the mocks, as everything with outputs. */
export const sqliteArgs = (more: Partial<SqliteAppArgs> = {}): SqliteAppArgs => ({
  namespace: "aibase",
  tier: "small-team",
  users: 400,
  image: "aibase:1.2.3",
  port: 5040,
  size: "development",
  database: { name: "ai_company", volumeGiB: 50, busyTimeoutMs: 5000 },
  filesVolumeGiB: 20,
  cache: {
    kind: "redis",
    host: pulumi.output("redis.aibase.svc.cluster.local"),
    port: 6379,
    tls: false,
    username: pulumi.output("app"),
    password: pulumi.secret("cache-password"),
    app: "redis",
  },
  store: {
    kind: "s3",
    bucket: pulumi.output("team-backups"),
    path: "team",
    region: "eu-central-1",
    endpoint: "https://s3.example.com:9443",
    forcePathStyle: true,
    credentials: { accessKey: pulumi.secret("the-access-key"), secretKey: pulumi.secret("the-secret-key") },
  },
  deletionProtection: true,
  ...more,
});

export const STATEFUL_SET = "apps/v1:StatefulSet";
export const CLAIM = "PersistentVolumeClaim";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly restartPolicy?: string;
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: object;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
}

export interface PodSpec {
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly [key: string]: unknown }[];
  readonly [key: string]: unknown;
}

/** Makes an application against the simulated clouds. */
export async function makeSqliteApp(more: Partial<SqliteAppArgs> | (() => Partial<SqliteAppArgs>) = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const { namespace } = new Namespace("namespace", { name: "aibase" });
  const given = typeof more === "function" ? more() : more;
  const app = new SqliteApp("app", sqliteArgs({ namespace, ...given }), records.opts);
  await records.made();
  const spec = cloud.one(STATEFUL_SET).inputs.spec as {
    readonly template: { readonly metadata: { annotations: Record<string, string> }; readonly spec: PodSpec };
  };
  const pod = spec.template.spec;
  const container = (name: string): Container => {
    const found = [...pod.initContainers, ...pod.containers].find((each) => each.name === name);
    if (found === undefined) throw new Error(`no container ${name}`);
    return found;
  };
  const jobPod = (name: string): PodSpec => {
    const job = cloud.one("CronJob", name).inputs.spec as {
      readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
    };
    return job.jobTemplate.spec.template.spec;
  };
  const configMap = (name: string) => cloud.one("ConfigMap", name).inputs.data as Readonly<Record<string, string>>;
  return { app, spec, pod, container, jobPod, configMap, ...records, ...cloud };
}

export const environmentOf = ({ env }: Container) => new Map(env.map((variable) => [variable.name, variable]));
