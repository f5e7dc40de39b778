import { z } from "zod";
import { cluster } from "./cloudFields";
import { dumpImage, remoteBackup } from "./fields";

/** Groups of settings of what runs in a Kubernetes cluster and not in a managed service. */

/** A secret that has one value in the stack file; empty texts are no keys. */
const secretKey = (what: string) =>
  z
    .string()
    .min(1)
    .optional()
    .describe(`${what} Secret: set it with \`pulumi config set --secret --path\`. Default: the pod's own identity.`);

const storageClass = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
  .max(253)
  .optional()
  .meta({
    description: "StorageClass of the persistent volumes. Default: the cluster's own. Changing it makes other volumes.",
    allowed: "the name of a StorageClass such as gp3",
  });

/** The cluster of a stack that needs nothing else. */
export const existingCluster = cluster.pick({ context: true, kubeconfig: true }).extend({ storageClass });

export const anyCluster = cluster.extend({ storageClass });

/** A bucket that is there, and keys for it. */
export const backupStore = z
  .strictObject({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .meta({
        description: "Name of the bucket. Versioning, a lock and a lifecycle on it are its owner's.",
        allowed: "the name of a bucket",
      }),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,63}$/)
      .optional()
      .meta({
        description: "Region of the bucket; an S3-compatible server has one by name as well. Default: us-east-1.",
        allowed: "a region such as us-east-1",
      }),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of an S3-compatible server outside the cluster. Default: AWS."),
    forcePathStyle: z.boolean().optional().describe("Address the bucket as a path, as MinIO wants it. Default: false."),
    accessKey: secretKey("Access key that may read and write the bucket."),
    secretKey: secretKey("The secret of that key."),
  })
  .describe("A bucket that is there already, for backups of what runs in the cluster.");

const operator = z.enum(["existing", "install"]).optional();

export const operators = z.strictObject({
  cloudNativePg: operator.describe(
    "The operators of database.host kubernetes, CloudNativePG and its Barman Cloud plugin: expected in the cluster, or installed as Helm charts. Default: install in a cluster that is made here, else existing.",
  ),
  certManager: operator.describe("The cert-manager, which that plugin needs. Default: as `cloudNativePg`."),
  prometheus: z
    .enum(["existing", "install", "none"])
    .optional()
    .describe(
      "The Prometheus operator, which alerts of the cluster need: expected there, installed as a Helm chart, or done without. Default: install in a cluster that is made here, else existing; with database.host aws CloudWatch raises the alarms, and nothing is asked of the cluster.",
    ),
});

export const smallTeamOperators = operators.pick({ prometheus: true });

export const monitoring = z.strictObject({
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .max(63)
    .default("monitoring")
    .meta({
      description: "Namespace in which Prometheus runs; only it may read metrics.",
      allowed: "the name of a namespace",
    }),
  labels: z
    .record(z.string().min(1).max(63), z.string().max(63))
    .default({})
    .describe(
      "Labels by which that Prometheus chooses its rules and monitors, such as release: kube-prometheus-stack.",
    ),
  runbooks: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe(
      "Address at which docs/ of this project can be read, for the links in alerts. Default: paths of the project.",
    ),
});

export const smbBackup = remoteBackup.extend({ store: backupStore.optional() });

/** SQLite's: Litestream replicates to the store, and a copy of each day goes there as well. What is kept is its owner's to say. */
export const smallTeamBackup = z.strictObject({
  store: backupStore,
  uploaderImage: dumpImage("the AWS command line. Default: the one that AWS publishes, of an exact version"),
});
