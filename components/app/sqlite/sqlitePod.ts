import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { plain } from "../../backup/environment";
import { CONTAINER_SECURITY, POD_SECURITY } from "../../kubernetes/pod";
import { container, GRACE_SECONDS, type PodArgs, podBasics, podMetadata, SELECTOR, TMP } from "../kubernetesDeployment";
import { DATABASE_FOLDER, databaseFile, FILES_FOLDER } from "./folders";
import { litestreamMemory, METRICS_PORT } from "./litestream";
import { MIGRATIONS_FOLDER } from "./migrations";
import type { PodFiles } from "./podFiles";

type Container = types.input.core.v1.Container;
type EnvVar = types.input.core.v1.EnvVar;
type VolumeMount = types.input.core.v1.VolumeMount;

const CONFIG_FOLDER = "/etc/litestream";
/** Seconds, after the application has ended, for Litestream to send the last changes. */
const LAST_SYNC_SECONDS = 60;

export interface SqlitePodArgs extends PodArgs {
  /** Logical database. */
  readonly database: string;
  readonly busyTimeoutMs: number;
  readonly volumeGiB: number;
  readonly litestreamImage: string;
  readonly sqliteImage: string;
  /** Variables with the keys of the bucket, for Litestream alone. */
  readonly storeKeys: readonly EnvVar[];
  /** Names of the claims. */
  readonly databaseClaim: Input<string>;
  readonly filesClaim: Input<string>;
  readonly files: PodFiles;
}

/** Else each start would go through all files of the volumes, and open the database, which is private, to the group. */
export const VOLUME_SECURITY: types.input.core.v1.PodSecurityContext = {
  ...POD_SECURITY,
  fsGroupChangePolicy: "OnRootMismatch",
};

const DATABASE_MOUNT: VolumeMount = { name: "database", mountPath: DATABASE_FOLDER };
const FILES_MOUNT: VolumeMount = { name: "files", mountPath: FILES_FOLDER };
const TMP_MOUNT: VolumeMount = { name: TMP.name, mountPath: "/tmp" };

/**
 * The specification of the StatefulSet. Of one ordinal there are never two pods, so that the old one is gone before the new one
 * opens the file: what a Deployment calls Recreate, and what holds when a machine is lost, too.
 */
export const statefulSetSpec = (
  serviceName: Input<string>,
  pod: SqlitePodArgs,
): types.input.apps.v1.StatefulSetSpec => ({
  replicas: 1,
  serviceName,
  revisionHistoryLimit: 5,
  // In order, a pod that never gets ready would hold up the release that mends it.
  podManagementPolicy: "Parallel",
  updateStrategy: { type: "RollingUpdate" },
  selector: { matchLabels: SELECTOR },
  template: {
    metadata: withFiles(pod),
    spec: {
      ...podBasics(pod),
      securityContext: VOLUME_SECURITY,
      terminationGracePeriodSeconds: GRACE_SECONDS + LAST_SYNC_SECONDS,
      // Each begins when the one before it has ended; Litestream, which goes on, when it has started.
      initContainers: [restore(pod), litestream(pod), migrate(pod)],
      containers: [container({ ...pod, volumeMounts: [DATABASE_MOUNT, FILES_MOUNT] })],
      volumes: [
        TMP,
        { name: DATABASE_MOUNT.name, persistentVolumeClaim: { claimName: pod.databaseClaim } },
        { name: FILES_MOUNT.name, persistentVolumeClaim: { claimName: pod.filesClaim } },
        { name: "litestream", configMap: { name: pod.files.litestream } },
        { name: "migrations", configMap: { name: pod.files.migrations } },
      ],
    },
  },
});

function withFiles(pod: SqlitePodArgs) {
  const { labels, annotations } = podMetadata(pod);
  return { labels, annotations: { ...annotations, "scaling-ladder/files": pod.files.checksum } };
}

/** Ends with an error, and the pod does not start, where the replica cannot be read. */
const restore = (pod: SqlitePodArgs): Container => ({
  name: "restore",
  image: pod.litestreamImage,
  command: ["sh", `${CONFIG_FOLDER}/restore.sh`],
  env: [
    ...plain({ DATABASE_FILE: databaseFile(pod.database), CONFIG: `${CONFIG_FOLDER}/litestream.yml` }),
    ...pod.storeKeys,
  ],
  ...litestreamBasics(pod),
});

/** Starts before the application and ends after it, so that no change is made that it does not see. */
const litestream = (pod: SqlitePodArgs): Container => ({
  name: "litestream",
  image: pod.litestreamImage,
  restartPolicy: "Always",
  command: ["litestream", "replicate", "-no-expand-env", "-config", `${CONFIG_FOLDER}/litestream.yml`],
  env: [...pod.storeKeys],
  ports: [{ name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" }],
  startupProbe: { httpGet: { path: "/metrics", port: "metrics" }, periodSeconds: 2, failureThreshold: 30 },
  livenessProbe: { httpGet: { path: "/metrics", port: "metrics" }, periodSeconds: 30, failureThreshold: 4 },
  ...litestreamBasics(pod),
});

const litestreamBasics = ({ volumeGiB }: SqlitePodArgs) => ({
  resources: {
    requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "1", memory: `${litestreamMemory(volumeGiB)}Mi`, "ephemeral-storage": "256Mi" },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [DATABASE_MOUNT, TMP_MOUNT, { name: "litestream", mountPath: CONFIG_FOLDER, readOnly: true }],
});

/** After Litestream: what it changes is replicated like everything else. */
const migrate = (pod: SqlitePodArgs): Container => ({
  name: "migrate",
  image: pod.sqliteImage,
  command: ["sh", `${MIGRATIONS_FOLDER}/migrate.sh`],
  env: plain({
    DATABASE_FILE: databaseFile(pod.database),
    CATALOGUE: pod.database,
    BUSY_TIMEOUT_MS: String(pod.busyTimeoutMs),
    MIGRATIONS: MIGRATIONS_FOLDER,
    SCRATCH: "/tmp",
    HOME: "/tmp",
  }),
  resources: {
    requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "1", memory: "512Mi", "ephemeral-storage": "1Gi" },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [DATABASE_MOUNT, TMP_MOUNT, { name: "migrations", mountPath: MIGRATIONS_FOLDER, readOnly: true }],
});
