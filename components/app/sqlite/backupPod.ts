import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { DUMP_KINDS, DUMP_SCHEDULES, type DumpKind } from "../../backup/dumpSchedule";
import { plain } from "../../backup/environment";
import { scheduled, WORK_FOLDER } from "../../backup/jobPod";
import { SCRIPTS_FOLDER } from "../../backup/scripts";
import { type PodStore, storeEnvironment } from "../../backup/store";
import { CONTAINER_SECURITY } from "../../kubernetes/pod";
import { SELECTOR } from "../kubernetesDeployment";
import { DATABASE_FOLDER, databaseFile, FILES_FOLDER } from "./folders";
import { VOLUME_SECURITY } from "./sqlitePod";

type Container = types.input.core.v1.Container;

/** Seconds after which a copy is given up: before the next daily one is due. */
const LONGEST_SECONDS = 20 * 3600;
/** Seconds that a finished job stays to be looked at. With it go the volumes that its pods copied to. */
const KEPT_SECONDS = 2 * 3600;

/** The database, or the application's files beside it. */
export type Copied = "database" | "files";

export interface BackupPodArgs {
  readonly copied: Copied;
  readonly kind: DumpKind;
  /** Logical database. */
  readonly database: string;
  readonly busyTimeoutMs: number;
  /** The claim that is copied, and its size. */
  readonly claim: Input<string>;
  readonly volumeGiB: number;
  /** Default: the cluster's own. */
  readonly storageClass?: string | undefined;
  readonly store: PodStore;
  /** Folder in the bucket, with a slash at its end, or nothing. */
  readonly prefix: string;
  readonly sqliteImage: string;
  readonly uploaderImage: string;
  readonly serviceAccountName: Input<string>;
  /** ConfigMap with the scripts. */
  readonly scripts: Input<string>;
  readonly labels: Record<string, string>;
}

/**
 * Room for the copies, in GiB: a database is copied and then packed, and both are there for a moment; files are packed at once.
 * At worst packing saves nothing.
 */
export const workGiB = ({ copied, volumeGiB }: Pick<BackupPodArgs, "copied" | "volumeGiB">): number =>
  copied === "database" ? 2 * volumeGiB : volumeGiB + 1;

/** The specification of one CronJob. */
export const backupSpec = (args: BackupPodArgs): types.input.batch.v1.CronJobSpec =>
  scheduled(DUMP_SCHEDULES[args.kind], args.labels, {
    backoffLimit: 2,
    activeDeadlineSeconds: LONGEST_SECONDS,
    ttlSecondsAfterFinished: KEPT_SECONDS,
    template: { metadata: { labels: args.labels }, spec: podSpec(args) },
  });

const podSpec = (args: BackupPodArgs): types.input.core.v1.PodSpec => ({
  restartPolicy: "Never",
  serviceAccountName: args.serviceAccountName,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: VOLUME_SECURITY,
  // A volume is on one machine at a time: the application's.
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: SELECTOR }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  },
  initContainers: [args.copied === "database" ? copyDatabase(args) : packFiles(args)],
  containers: [upload(args)],
  volumes: [
    { name: "source", persistentVolumeClaim: { claimName: args.claim } },
    { name: "work", ephemeral: { volumeClaimTemplate: { spec: workClaim(args) } } },
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    { name: "scripts", configMap: { name: args.scripts } },
  ],
});

/** A volume of the pod's own, gone with it: no machine's disk has room for a whole database beside its images. */
const workClaim = (args: BackupPodArgs): types.input.core.v1.PersistentVolumeClaimSpec => ({
  accessModes: ["ReadWriteOnce"],
  ...(args.storageClass === undefined ? {} : { storageClassName: args.storageClass }),
  resources: { requests: { storage: `${workGiB(args)}Gi` } },
});

const copyDatabase = (args: BackupPodArgs): Container => ({
  name: "copy",
  image: args.sqliteImage,
  command: ["sh", `${SCRIPTS_FOLDER}/copy.sh`],
  env: plain({
    ...common(args),
    DATABASE_FILE: databaseFile(args.database),
    BUSY_TIMEOUT_MS: String(args.busyTimeoutMs),
  }),
  // To be written to: a reader of a write-ahead log marks in its index what it reads.
  ...basics("256Mi", { name: "source", mountPath: DATABASE_FOLDER }),
});

const packFiles = (args: BackupPodArgs): Container => ({
  name: "copy",
  image: args.sqliteImage,
  command: ["sh", `${SCRIPTS_FOLDER}/files.sh`],
  env: plain({ ...common(args), FILES: FILES_FOLDER, NAME: args.database }),
  ...basics("256Mi", { name: "source", mountPath: FILES_FOLDER, readOnly: true }),
});

const upload = (args: BackupPodArgs): Container => ({
  name: "upload",
  image: args.uploaderImage,
  command: ["sh", `${SCRIPTS_FOLDER}/upload.sh`],
  env: [...plain({ WORK: WORK_FOLDER, HOME: "/tmp" }), ...storeEnvironment(args.store)],
  ...basics("512Mi"),
});

const common = ({ kind, prefix }: BackupPodArgs) => ({
  WORK: WORK_FOLDER,
  KIND: kind,
  PREFIX: prefix,
  HOME: "/tmp",
});

const basics = (memory: string, ...mounts: types.input.core.v1.VolumeMount[]) => ({
  resources: {
    requests: { cpu: "100m", memory, "ephemeral-storage": "64Mi" },
    limits: { cpu: "1", memory, "ephemeral-storage": "256Mi" },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [
    ...mounts,
    { name: "work", mountPath: WORK_FOLDER },
    { name: "tmp", mountPath: "/tmp" },
    { name: "scripts", mountPath: SCRIPTS_FOLDER, readOnly: true },
  ],
});

/**
 * The most that all volumes of the application take at a time, in GiB, for the namespace's quota: the two that stay, the daily
 * copy of the files, and copies of the database of all three kinds, which on a first of a month that is a Sunday may overlap.
 */
export const sqliteStorageGiB = (databaseGiB: number, filesGiB: number): number =>
  databaseGiB +
  filesGiB +
  workGiB({ copied: "files", volumeGiB: filesGiB }) +
  DUMP_KINDS.length * workGiB({ copied: "database", volumeGiB: databaseGiB });
