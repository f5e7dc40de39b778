import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { CONTAINER_SECURITY, POD_SECURITY } from "../kubernetes/pod";
import { type EnvVar, plain } from "./environment";
import { SCRIPTS_FOLDER } from "./scripts";
import type { PodStore } from "./store";

/** What the pods of dumps and of drills have in common. Pure. */

/** The AWS command line as AWS publishes it. */
export const AWS_IMAGE = "amazon/aws-cli:2.37.5";

/** Where the containers of a pod meet. */
export const WORK_FOLDER = "/work";

/** What each pod of the jobs around one bucket gets. */
export interface BucketPod {
  readonly serviceAccountName: Input<string>;
  /** ConfigMap of scripts. */
  readonly scriptsName: Input<string>;
  readonly store: PodStore;
  readonly labels: Record<string, string>;
}

export interface ScriptContainerArgs {
  readonly name: string;
  readonly image: string;
  /** File of the ConfigMap of scripts that it runs, under Bash. */
  readonly script: string;
  readonly env: readonly EnvVar[];
  /** CPUs that it requests, as Kubernetes writes them; it may use one. */
  readonly cpu: string;
  readonly memory: string;
  /** Disk that it requests and may use. Default: 512Mi and 1Gi. */
  readonly disk?: string;
  /** Files of the ConfigMap of scripts that stand elsewhere, too: paths by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A container that runs one of the scripts. */
export const scriptContainer = (args: ScriptContainerArgs): types.input.core.v1.Container => ({
  name: args.name,
  image: args.image,
  command: ["bash", `${SCRIPTS_FOLDER}/${args.script}`],
  env: [...plain({ WORK: WORK_FOLDER, HOME: "/tmp" }), ...args.env],
  resources: {
    requests: { cpu: args.cpu, memory: args.memory, "ephemeral-storage": args.disk ?? "512Mi" },
    limits: { cpu: "1", memory: args.memory, "ephemeral-storage": args.disk ?? "1Gi" },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [
    { name: "work", mountPath: WORK_FOLDER },
    { name: "tmp", mountPath: "/tmp" },
    { name: "scripts", mountPath: SCRIPTS_FOLDER, readOnly: true },
    ...Object.entries(args.files ?? {}).map(([subPath, mountPath]) => ({
      name: "scripts",
      mountPath,
      subPath,
      readOnly: true,
    })),
  ],
});

export interface UnattendedArgs {
  /** Five fields, UTC. */
  readonly schedule: string;
  /** Seconds after which a job is given up. */
  readonly longestSeconds: number;
  /** How often it is tried again. */
  readonly retries: number;
  /** Volume that the containers share. */
  readonly work: Omit<types.input.core.v1.Volume, "name">;
  readonly initContainers?: types.input.core.v1.Container[];
  readonly containers: types.input.core.v1.Container[];
}

/** A CronJob (schedule in UTC) that never runs beside itself, catches up, and leaves few finished jobs. */
export const scheduled = (
  schedule: string,
  labels: Record<string, string>,
  job: types.input.batch.v1.JobSpec,
): types.input.batch.v1.CronJobSpec => ({
  schedule,
  timeZone: "Etc/UTC",
  concurrencyPolicy: "Forbid",
  // A control plane that was away at that minute catches up within the hour.
  startingDeadlineSeconds: 3600,
  successfulJobsHistoryLimit: 3,
  failedJobsHistoryLimit: 5,
  jobTemplate: { metadata: { labels }, spec: job },
});

/** The specification of a CronJob that nobody looks after. */
export const unattended = (pod: BucketPod, args: UnattendedArgs): types.input.batch.v1.CronJobSpec =>
  scheduled(args.schedule, pod.labels, {
    backoffLimit: args.retries,
    activeDeadlineSeconds: args.longestSeconds,
    template: {
      metadata: { labels: pod.labels },
      spec: {
        restartPolicy: "Never",
        serviceAccountName: pod.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: POD_SECURITY,
        ...(args.initContainers === undefined ? {} : { initContainers: args.initContainers }),
        containers: args.containers,
        volumes: [
          { name: "work", ...args.work },
          { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
          { name: "scripts", configMap: { name: pod.scriptsName } },
        ],
      },
    },
  });
