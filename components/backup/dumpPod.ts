import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { CONTAINER_SECURITY, POD_SECURITY } from "../kubernetes/pod";
import { DUMP_METRIC } from "./dumpMetric";
import { DUMP_SCHEDULES, type DumpKind } from "./dumpSchedule";
import { dumpScript, uploadScript, WORK_FOLDER } from "./dumpScript";

/** Seconds after which a dump is given up: before the next daily one is due. */
const LONGEST_SECONDS = 20 * 3600;

export interface DumpPodArgs {
  readonly kind: DumpKind;
  readonly database: string;
  readonly stack: string;
  readonly host: Input<string>;
  readonly port: number;
  readonly sslmode: string;
  readonly bucket: Input<string>;
  readonly region: string;
  readonly clientImage: string;
  readonly uploaderImage: string;
  readonly serviceAccountName: Input<string>;
  /** Secret with `username`, `password` and, where pods have no identity, `access-key` and `secret-key`. */
  readonly secretName: Input<string>;
  readonly hasKeys: boolean;
  readonly labels: Record<string, string>;
}

type EnvVar = types.input.core.v1.EnvVar;

const plain = (values: Readonly<Record<string, Input<string>>>): EnvVar[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

const secret = (name: string, secretName: Input<string>, key: string): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: secretName, key } },
});

/** The specification of the CronJob of one database and one kind. */
export const cronJobSpec = (args: DumpPodArgs): types.input.batch.v1.CronJobSpec => ({
  schedule: DUMP_SCHEDULES[args.kind],
  timeZone: "Etc/UTC",
  concurrencyPolicy: "Forbid",
  // A control plane that was away at that minute catches up within the hour.
  startingDeadlineSeconds: 3600,
  successfulJobsHistoryLimit: 3,
  failedJobsHistoryLimit: 5,
  jobTemplate: {
    metadata: { labels: args.labels },
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: LONGEST_SECONDS,
      template: { metadata: { labels: args.labels }, spec: podSpec(args) },
    },
  },
});

const podSpec = (args: DumpPodArgs): types.input.core.v1.PodSpec => ({
  restartPolicy: "Never",
  serviceAccountName: args.serviceAccountName,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: POD_SECURITY,
  containers: [dumper(args), uploader(args)],
  volumes: [
    { name: "work", emptyDir: { sizeLimit: "256Mi" } },
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
  ],
});

const dumper = (args: DumpPodArgs): types.input.core.v1.Container => ({
  name: "dump",
  image: args.clientImage,
  command: ["sh", "-c", dumpScript()],
  env: [
    ...plain({
      WORK: WORK_FOLDER,
      DUMP_KIND: args.kind,
      PGHOST: args.host,
      PGPORT: String(args.port),
      PGDATABASE: args.database,
      PGSSLMODE: args.sslmode,
      HOME: "/tmp",
    }),
    secret("PGUSER", args.secretName, "username"),
    secret("PGPASSWORD", args.secretName, "password"),
  ],
  ...common("100m", "256Mi"),
});

const uploader = (args: DumpPodArgs): types.input.core.v1.Container => ({
  name: "upload",
  image: args.uploaderImage,
  command: ["bash", "-c", uploadScript(DUMP_METRIC)],
  env: [
    ...plain({
      WORK: WORK_FOLDER,
      DUMP_KIND: args.kind,
      DUMP_BUCKET: args.bucket,
      DATABASE: args.database,
      STACK: args.stack,
      AWS_REGION: args.region,
      AWS_EC2_METADATA_DISABLED: "true",
      HOME: "/tmp",
    }),
    ...(args.hasKeys
      ? [
          secret("AWS_ACCESS_KEY_ID", args.secretName, "access-key"),
          secret("AWS_SECRET_ACCESS_KEY", args.secretName, "secret-key"),
        ]
      : []),
  ],
  ...common("100m", "512Mi"),
});

const common = (cpu: string, memory: string) => ({
  resources: {
    requests: { cpu, memory, "ephemeral-storage": "512Mi" },
    limits: { cpu: "1", memory, "ephemeral-storage": "1Gi" },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [
    { name: "work", mountPath: WORK_FOLDER },
    { name: "tmp", mountPath: "/tmp" },
  ],
});
